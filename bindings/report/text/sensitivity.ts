/** How far the number hangs on the rules: the band of vendors' rules in a few lines. */
import type { Result } from '../../score/result.js'
import { count, scoreText } from '../numbers.js'
import type { Paper } from './paper.js'

export function setSensitivity(paper: Paper, { sensitivity }: Result): void {
  if (sensitivity === null) return
  const { min, max, byStandard, categoryChanges, flipped } = sensitivity
  const text = (score: number): string => scoreText(score, score > 0 ? 1 : 0)
  const isOne = text(min) === text(max)
  paper.heading("Under vendors' rules")
  const rows: [string, string][] = [
    ['Score', isOne ? `${text(min)} under each of them` : `${text(min)} to ${text(max)}`],
    [
      'By standard',
      Object.entries(byStandard)
        .map(([id, score]) => `${id} ${text(score)}`)
        .join(', '),
    ],
  ]
  if (flipped > 0) {
    const verb = flipped === 1 ? 'counts' : 'count'
    rows.push(['Pieces', `${count(flipped, 'piece')} ${verb} under some of these rules and not under others`])
  }
  if (categoryChanges === false) rows.push(['Category', 'the same under each of them'])
  paper.fields(isOne ? rows.filter(([name]) => name !== 'By standard') : rows)
  if (categoryChanges) paper.paragraph('The category is another one under some of these rules.', 'warn', '! ')
}
