/** What callers can name, and what they pay for it: a change here is a change of the package's promise. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it, vi } from 'vitest'
import * as dicom from '../bindings/dicom/index.js'
import { ACCEPTABLE_CODES, FAULT_CODES, MODEL_CODES, REFUSAL_CODES, WARNING_CODES } from '../bindings/base/errors.js'
import * as core from '../bindings/index.js'
import * as measures from '../bindings/measures/index.js'
import * as nifti from '../bindings/nifti/index.js'
import * as node from '../bindings/node/index.js'
import * as phantom from '../bindings/phantom/index.js'
import * as report from '../bindings/report/index.js'

// A slow machine is no failure.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ROOT = new URL('..', import.meta.url)
const path = (name: string): string => fileURLToPath(new URL(name, ROOT))
const packageJson = JSON.parse(readFileSync(path('package.json'), 'utf8')) as {
  version: string
  exports: Record<string, unknown>
}

describe('public names', () => {
  it('agatston', () => {
    expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
      [
        "AgatstonError",
        "DEFAULT_STANDARD",
        "TERRITORY_IDS",
        "VERSION",
        "arrayVolume",
        "createEngine",
      ]
    `)
  })
  it('agatston/dicom', () => {
    expect(Object.keys(dicom).sort()).toMatchInlineSnapshot(`
      [
        "DEFAULT_LIMITS",
        "DicomVolume",
        "createWorkerPool",
        "inspectSeries",
        "joinFragments",
        "looksLikeZip",
        "readMasks",
        "readSeries",
        "readSubject",
        "unzip",
      ]
    `)
  })
  it('agatston/nifti', () => {
    expect(Object.keys(nifti).sort()).toMatchInlineSnapshot(`
      [
        "readLabelMap",
        "readNiftiVolume",
        "writeNifti",
      ]
    `)
  })
  it('agatston/report', () => {
    expect(Object.keys(report).sort()).toMatchInlineSnapshot(`
      [
        "CSV_COLUMNS",
        "DISCLAIMER",
        "GUIDELINE_EDITIONS",
        "PATIENT_SCHEMA",
        "REFUSAL_HELP",
        "WARNING_HELP",
        "arterialAge",
        "buildReport",
        "cacDrs",
        "categoryRows",
        "checkClaim",
        "checkFacts",
        "claimCheck",
        "classify",
        "eligibility75571",
        "encapsulatedPdf",
        "guideline",
        "guidelineSections",
        "lesionPixels",
        "makeDrawings",
        "makePictures",
        "mesaChd",
        "mesaPercentile",
        "openSource",
        "pooledCohort",
        "prevent",
        "renderCsv",
        "renderFhir",
        "renderHtml",
        "renderPdf",
        "renderText",
        "resultEligibility",
        "scoreText",
        "secondaryCapture",
        "segmentation",
        "seriesOf",
        "structuredReport",
      ]
    `)
  })
  it('agatston/phantom', () => {
    expect(Object.keys(phantom).sort()).toMatchInlineSnapshot(`
      [
        "MASS_FACTOR",
        "makePhantom",
      ]
    `)
  })
  it('agatston/measures', () => {
    expect(Object.keys(measures).sort()).toMatchInlineSnapshot(`
      [
        "MASS_FACTOR_LIMITS",
        "PATIENT_SIZES",
        "compareCalibration",
        "integratedMass",
        "massFactorFromCalibration",
        "massFactorFromHeader",
        "meanAndSd",
        "parseCalibration",
        "readRegion",
        "spatiallyWeightedScore",
        "volumeFractionMass",
      ]
    `)
  })
  it('agatston/node', () => {
    expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
      [
        "DEFAULT_FILE_LIMITS",
        "UsageError",
        "createPool",
        "findFiles",
        "inspectPath",
        "loadFiles",
        "nodeHasher",
        "readPath",
        "scorePath",
        "scoreStudy",
      ]
    `)
  })
  it('entries of package.json', () => {
    expect(Object.keys(packageJson.exports)).toMatchInlineSnapshot(`
      [
        ".",
        "./dicom",
        "./worker",
        "./nifti",
        "./report",
        "./phantom",
        "./measures",
        "./sha256",
        "./standards",
        "./quality",
        "./node",
        "./schema/*.json",
        "./package.json",
      ]
    `)
  })
  it('members of an engine and of a scan', async () => {
    const engine = await core.createEngine()
    const members = (of: object): string[] => Object.getOwnPropertyNames(Object.getPrototypeOf(of)).sort()
    expect(members(engine)).toEqual(['begin', 'build', 'constructor', 'dispose', 'score', 'scoreSync', 'wasmSha256'])
    const shape = { rows: 1, columns: 1, pixelSpacingMm: [1, 1], orientation: [1, 0, 0, 0, 1, 0] } as const
    const scan = engine.begin(shape, { scope: 'whole-image' })
    expect(members(scan)).toEqual(['addSlice', 'cancel', 'constructor', 'end', 'slices'])
    scan.cancel()
    expect(Object.keys(engine)).toEqual([])
  })
})

describe('version', () => {
  it('is that of package.json', () => {
    expect(core.VERSION).toBe(packageJson.version)
  })
})

describe('error codes', () => {
  it('are each listed once; what may be accepted is a refusal; faults are apart', () => {
    for (const codes of [ACCEPTABLE_CODES, FAULT_CODES, MODEL_CODES, REFUSAL_CODES, WARNING_CODES]) {
      expect(new Set<string>(codes).size).toBe(codes.length)
      for (const code of codes) expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/)
    }
    expect(ACCEPTABLE_CODES.filter((code) => !(REFUSAL_CODES as readonly string[]).includes(code))).toEqual([])
    expect(FAULT_CODES.filter((code) => (REFUSAL_CODES as readonly string[]).includes(code))).toEqual([])
    const others: readonly string[] = [...REFUSAL_CODES, ...FAULT_CODES, ...WARNING_CODES]
    expect(MODEL_CODES.filter((code) => others.includes(code))).toEqual([])
  })

  it('never change: callers and exit codes hang on them', () => {
    expect([...REFUSAL_CODES, '---', ...FAULT_CODES, '---', ...MODEL_CODES].join(' ')).toMatchInlineSnapshot(
      `"NOT_DICOM PARSE_FAILED LIMIT_EXCEEDED MODALITY_NOT_CT LOCALIZER_ONLY SERIES_AMBIGUOUS PATIENT_MIXED SERIES_MIXED SYNTAX_UNSUPPORTED PIXELS_MISSING PIXELS_SHORT PIXELS_CORRUPT PIXEL_FORMAT RESCALE_MISSING RESCALE_INVALID RESCALE_TYPE_NOT_HU GEOMETRY_MISSING GEOMETRY_MIXED NOT_AXIAL SLICES_DUPLICATE SLICES_MISSING SPACING_IRREGULAR SERIES_INCOMPLETE GANTRY_TILT TOO_FEW_SLICES CONTRAST_GIVEN NOT_ORIGINAL LOSSY NOT_HU TERRITORY_MISMATCH SCOPE_MISSING REGION_NOT_FOUND ASSIGNMENT_MISSED KVP_UNSUPPORTED --- TIMEOUT CANCELLED OUT_OF_MEMORY INTERNAL WASM_UNSUPPORTED INTEGRITY_FAILED PACKAGE_MISSING --- MODEL_RANGE"`,
    )
    expect([...WARNING_CODES].join(' ')).toMatchInlineSnapshot(
      `"SCOPE_WHOLE_IMAGE CANDIDATES_UNCONFIRMED KVP_NOT_120 KVP_MISSING SPECTRAL THICKNESS_NOT_2_5_TO_3 SLICES_OVERLAP SLICES_GAP SPACING_JITTER SPACING_TAG_MISMATCH GANTRY_TILT_SLIGHT NOT_GATED KERNEL_SHARP FOV_WIDE PIXELS_LARGE COVERAGE_SHORT COUNT_UNVERIFIED NOISE_HIGH SATURATED METAL HU_CALIBRATION CONTRAST_RESIDUAL LOSSY NOT_ORIGINAL PADDING_IN_FIELD BITS_UNUSED_NONZERO PIXEL_SIGN_MISMATCH RESCALE_VARIES TAG_ORDER PREAMBLE_EXECUTABLE IMAGE_EXCLUDED SLICES_IDENTICAL_DROPPED CATEGORY_NEAR_EDGE ZERO_UNVERIFIED ACCEPTED"`,
    )
  })

  it('an error says its code, message, details and cause, and shows as itself', () => {
    const cause = new Error('why')
    const error = new core.AgatstonError('INTERNAL', 'what', { at: 1 }, { cause })
    expect(error).toBeInstanceOf(Error)
    expect([error.name, error.code, error.cause, `${error}`]).toEqual([
      'AgatstonError',
      'INTERNAL',
      cause,
      'AgatstonError: what',
    ])
    expect(error.toRefusal()).toEqual({ code: 'INTERNAL', message: 'what', details: { at: 1 } })
    expect('cause' in new core.AgatstonError('INTERNAL', 'what')).toBe(false)
  })
})

describe('the bundle of the core', () => {
  const bundle = async (entry: string) => {
    const { outputFiles, metafile } = await build({
      entryPoints: [path(entry)],
      outdir: path('dist'),
      bundle: true,
      minify: true,
      splitting: true,
      platform: 'browser',
      external: ['fs', 'path'], // named by the glue of the optional codecs, never asked for in a page
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    const { outputs } = metafile
    const entryOutput = Object.keys(outputs).find((name) => outputs[name]!.entryPoint === entry)!
    // What a page loads before it may call anything: the entry and every chunk it imports at once.
    const loaded = new Set([entryOutput])
    for (const name of loaded) {
      for (const { path: next, kind } of outputs[name]!.imports) if (kind === 'import-statement') loaded.add(next)
    }
    const files = outputFiles.filter((file) => [...loaded].some((name) => file.path.endsWith(name)))
    expect(files.length).toBe(loaded.size)
    return {
      bytes: files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0),
      text: outputFiles.map((file) => file.text).join('\n'),
      inputs: Object.keys(metafile.inputs),
    }
  }

  // What is asked for only now and then (other standards, the scalar module) are chunks of their own, loaded then.
  it('is at most 25,000 bytes gzipped, without Node, without DICOM', { timeout: 30_000 }, async () => {
    const { bytes, text, inputs } = await bundle('bindings/index.ts')
    console.log(`core bundle: ${bytes} bytes gzipped`)
    expect(bytes).toBeLessThanOrEqual(25_000)
    expect(text).not.toMatch(/node:/)
    expect(
      inputs.filter((input) => /dicom|nifti|fflate|bindings\/(node|cli|report|phantom|measures)/.test(input)),
    ).toEqual([])
  })

  it.each(['dicom', 'nifti', 'report', 'phantom', 'measures'])(
    '%s bundles for a browser, too',
    { timeout: 30_000 },
    async (entry) => {
      const { text } = await bundle(`bindings/${entry}/index.ts`)
      expect(text).not.toMatch(/node:/)
    },
  )

  it('cuts away what is not used: a page that asks for the version gets no kernel', { timeout: 30_000 }, async () => {
    const { outputFiles } = await build({
      stdin: { contents: "import { VERSION } from './bindings/index.ts'\nconsole.log(VERSION)", resolveDir: path('.') },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      logLevel: 'silent',
    })
    expect(outputFiles[0]!.contents.length).toBeLessThan(1000)
  })
})
