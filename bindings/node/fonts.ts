/** The fonts a PDF is set in: DejaVu Sans of the optional package `dejavu-fonts-ttf`, for names beyond Latin letters. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Regular and bold as files, or null where the package is not installed: a PDF then has the letters of Western Europe only. */
export function reportFonts(): { readonly regular: Uint8Array; readonly bold: Uint8Array } | null {
  const require = createRequire(import.meta.url)
  const font = (name: string): Uint8Array => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))
  try {
    return { regular: font('DejaVuSans'), bold: font('DejaVuSans-Bold') }
  } catch {
    return null
  }
}
