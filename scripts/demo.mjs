/**
 * The demonstration: a synthetic chest is written to ./demo, scored through the command line's own code, and the score compared
 * with what was put into it. Uses the built package in ./dist.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const dist = new URL('dist/cli/run.js', root)
if (!existsSync(dist)) {
  console.error('The package is not built yet. Type: npm run build')
  process.exit(2)
}
const { run } = await import(dist.href)
const { Paper } = await import(new URL('dist/report/text/paper.js', root).href)
const { scoreText } = await import(new URL('dist/report/numbers.js', root).href)
const { lookOf } = await import(new URL('dist/cli/terminal.js', root).href)

const io = { stdout: process.stdout, stderr: process.stderr, env: process.env, platform: process.platform }
const demo = new URL('demo/', root)
const path = (name) => fileURLToPath(new URL(name, demo))
const read = (name) => JSON.parse(readFileSync(path(name), 'utf8'))

/** One call of the command line; anything but success ends the demonstration with its code. */
async function agatston(...argv) {
  const code = await run(argv, io)
  if (code !== 0) process.exit(code)
}

await agatston('phantom', path('.'), '--force')
const truth = read('truth.json')
process.stdout.write('\n')
const labels = ['--territories', path('territories.nii.gz')]
const known = ['--mass-factor', String(truth.massFactor), '--expect-slices', String(truth.dimensions.slices)]
await agatston('score', path('dicom'), ...labels, ...known, '--out', path('.'))
const result = read('result.json')

const paper = new Paper(lookOf(process.stdout, io))
paper.heading('Measured and true')
const right = (title, spare) => ({ title, align: 'right', ...(spare ? { spare } : {}) })
paper.table(
  [
    { title: 'Territory' },
    right('Volume mm³'),
    right('true'),
    right('Mass mg'),
    right('true'),
    right('Score'),
    right('without noise', 1),
  ],
  Object.entries(truth.territories).map(([name, real]) => {
    const measured = result.territories[name]
    return {
      cells: [
        name,
        measured ? measured.volumeMm3.toFixed(1) : '–',
        real.volumeMm3.toFixed(1),
        measured ? measured.massMg.toFixed(2) : '–',
        real.massMg.toFixed(2),
        measured ? scoreText(measured.agatston, measured.pieces) : '–',
        scoreText(real.noiseless.agatston, real.noiseless.pieces),
      ],
    }
  }),
)
paper.paragraph(
  'A volume above 130 HU is larger than that of a dense calcification, which blurs into its neighbourhood, and smaller than that of a faint one; mass is nearer to the truth.',
  'dim',
)
paper.line()
paper.paragraph(
  'Written to demo/: result.json, the report (report.html, report.pdf, report.txt and more), truth.json, territories.nii.gz and dicom/.',
)
process.stdout.write(paper.toString())
