import { vi } from 'vitest'
import { platforms } from '../platforms.js'
import { splitSuite } from './split.suite.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

for (const platform of platforms) splitSuite(platform)
