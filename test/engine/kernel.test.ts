import { platforms } from '../platforms.js'
import { kernelSuite } from './kernel.suite.js'

for (const platform of platforms) kernelSuite(platform)
