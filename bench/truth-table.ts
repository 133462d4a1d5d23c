/** Samples by row and column, and Markdown tables of their means and standard deviations. */
import { meanAndSd } from '../bindings/measures/index.js'

export type Column = readonly [title: string, cell: (row: string) => string]

export class Samples {
  readonly #values = new Map<string, number[]>()

  add(row: string, key: string, value: number): void {
    const values = this.#values.get(`${row} ${key}`)
    if (values) values.push(value)
    else this.#values.set(`${row} ${key}`, [value])
  }

  count(row: string, key: string): number {
    return this.#values.get(`${row} ${key}`)?.length ?? 0
  }

  /** Mean and standard deviation as text; the mean alone where all values are one. */
  of(row: string, key: string, text: (value: number) => string): string {
    const values = this.#values.get(`${row} ${key}`) ?? []
    if (values.length === 0) return ''
    if (values.every((value) => value === values[0])) return text(values[0]!)
    const { meanHu: mean, sdHu: sd } = meanAndSd(values)
    return `${text(mean)} ± ${text(sd)}`
  }
}

export const plain =
  (digits: number) =>
  (value: number): string =>
    value.toFixed(digits)
export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`

export function markdown(corner: string, rows: readonly string[], columns: readonly Column[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line([corner, ...columns.map(([title]) => title)]),
    line(['---', ...columns.map(() => '---:')]),
    ...rows.map((row) => line([row, ...columns.map(([, cell]) => cell(row))])),
  ].join('\n')
}
