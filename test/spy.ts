/** WebAssembly watched and disturbed: which instances were made, what they were called for, and faults put in between. */

type Call = (...args: number[]) => number
type Fault = (real: Call, memory: WebAssembly.Memory, args: number[]) => number

export interface SpiedInstance {
  readonly memory: WebAssembly.Memory
  readonly calls: string[]
}

/** Watch every instance made while `body` runs. `faults` replace exports by name; `instances` fills up as they are made. */
export async function spying<T>(
  body: (instances: readonly SpiedInstance[], faults: Map<string, Fault>) => T | Promise<T>,
): Promise<T> {
  const Real = WebAssembly.Instance
  const instances: SpiedInstance[] = []
  const faults = new Map<string, Fault>()
  function Spied(module: WebAssembly.Module, imports?: WebAssembly.Imports): { exports: Record<string, unknown> } {
    const real = new Real(module, imports)
    const memory = real.exports.memory as WebAssembly.Memory
    const seen: SpiedInstance = { memory, calls: [] }
    instances.push(seen)
    const exports: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(real.exports)) {
      if (typeof value !== 'function') {
        exports[name] = value
        continue
      }
      exports[name] = (...args: number[]): number => {
        seen.calls.push(name)
        const fault = faults.get(name)
        return fault ? fault(value as Call, memory, args) : (value as Call)(...args)
      }
    }
    return { exports }
  }
  WebAssembly.Instance = Spied as unknown as typeof WebAssembly.Instance
  try {
    return await body(instances, faults)
  } finally {
    WebAssembly.Instance = Real
  }
}

/** While `body` runs no memory may grow, as where a device has no more. */
export async function withoutMemory<T>(body: () => T | Promise<T>): Promise<T> {
  const grow = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'grow')!
  Object.defineProperty(WebAssembly.Memory.prototype, 'grow', {
    ...grow,
    value: () => {
      throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory')
    },
  })
  try {
    return await body()
  } finally {
    Object.defineProperty(WebAssembly.Memory.prototype, 'grow', grow)
  }
}
