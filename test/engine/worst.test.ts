import { platforms } from '../platforms.js'
import { worstSuite } from './worst.suite.js'

for (const platform of platforms) worstSuite(platform)
