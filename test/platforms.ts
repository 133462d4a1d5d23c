/**
 * The builds every suite runs on. A suite is a function of the platform and imports nothing of Node, so that a page can run
 * the same suite in a browser; what needs files or servers stands in test files of its own.
 */
import { Instance } from '../bindings/engine/instance.js'
import { type Build, type LoadedModule, loadModule } from '../bindings/engine/module.js'
import { type Engine, createEngine } from '../bindings/score/engine.js'

export interface Platform {
  readonly name: string
  readonly build: Build
  /** The compiled kernel. */
  module(): Promise<LoadedModule>
  /** An engine as a caller makes it. */
  engine(): Promise<Engine>
  /** A bare instance, for suites that look below the engine. */
  instance(): Promise<Instance>
}

function platform(build: Build): Platform {
  return {
    name: build,
    build,
    module: () => loadModule({ build }),
    engine: () => createEngine({ build }),
    instance: async () => new Instance(await loadModule({ build })),
  }
}

/** Both modules; a runtime without SIMD runs the scalar one only. */
export const platforms: readonly Platform[] = [platform('simd'), platform('scalar')]
