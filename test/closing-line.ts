/** A last line that any script can read: `N passed, N failed, N skipped`, written where a test run asks for it. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const file = process.env.AGATSTON_CLOSING_LINE
    if (!file) return
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state !== 'pending') count[state]++
      }
      // A module that could not be loaded holds no tests, and is a failure all the same.
      if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) count.failed++
    }
    writeFileSync(file, `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
