/** What the codes and labels of segments say, and what is refused rather than guessed. */
import { describe, expect, it } from 'vitest'
import { kindOf, refusal } from './mask-outcome.js'
import { code, segFile, volumeOf, type Segment } from './masks.js'
import { GRID, read, block, lad } from './segmentation-grid.js'

describe('names', () => {
  const pixels = block(1, 1, 2, 2, [1])
  const named = async (segment: Partial<Segment>, names?: Record<number, string | null>) => {
    const other = { number: 2, label: 'RCA', pixels: block(5, 5, 2, 2, [1]) }
    const { mapping } = await read(segFile(GRID, [{ number: 1, pixels, ...segment }, other]), volumeOf(GRID), names)
    const { territory, by, code: decided } = mapping.sources[0]!
    return [territory, by, decided]
  }
  const CALCIUM = code('SCT', '18115005', 'pathologic calcification')

  it.each([
    ['LM', 'LM'],
    ['Left Main', 'LM'],
    ['left main (LM)', 'LM'],
    ['lad', 'LAD'],
    ['pLAD', 'LAD'],
    ['LAD proximal calcification 2', 'LAD'],
    ['Left anterior descending artery', 'LAD'],
    ['coronary_artery_left_anterior_descending', 'LAD'],
    ['LAD - left anterior descending', 'LAD'],
    ['LCx', 'LCX'],
    ['CX', 'LCX'],
    ['leftCircumflex', 'LCX'],
    ['Circumflex coronary artery', 'LCX'],
    ['RCA', 'RCA'],
    ['Right coronary artery (RCA)', 'RCA'],
    ['Ramus intermedius', 'RAMUS'],
    ['intermediate branch', 'RAMUS'],
    ['PDA', 'PDA'],
    // AAPM TG-263.
    ['A_LAD', 'LAD'],
    ['a_lad', 'LAD'],
    ['A_LCX', 'LCX'],
    ['A_Cflx', 'LCX'],
    ['A_RCA', 'RCA'],
    ['A_LMCA', 'LM'],
    ['A_Coronary', 'A_Coronary'],
    ['A_Coronary_L', 'A_Coronary_L'],
    ['A_Coronary_R', 'RCA'],
    ['A_Coronary_LAD', 'LAD'],
    ['A_Aorta', 'AORTA'],
    ['A_Aorta_Asc', 'AORTA'],
    ['Valve_Aortic', 'AORTIC_VALVE'],
    ['A_Pulmonary', null],
    ['A_Carotid_L', null],
    ['Valve_Tricuspid', null],
    ['V_Venacava_S', null],
    ['~Lung_L', null],
    // SCCT 2014, BARI.
    ['D1', 'LAD'],
    ['D2 calcification', 'LAD'],
    ['D3', 'LAD'],
    ['1st diagonal', 'LAD'],
    ['OM', 'LCX'],
    ['OM1', 'LCX'],
    ['OM3', 'LCX'],
    ['second obtuse marginal branch', 'LCX'],
    ['AM', 'RCA'],
    ['acute marginal', 'RCA'],
    ['RI', 'RAMUS'],
    ['R-PDA', 'PDA'],
    ['PDA-R', 'PDA'],
    ['L-PDA', 'LCX'],
    ['left posterior descending artery', 'LCX'],
    ['R-PLB', 'RCA'],
    ['PLB-L', 'LCX'],
    ['right posterolateral branch', 'RCA'],
    ['left posterolateral', 'LCX'],
    ['posterior descending', 'PDA'],
    ['aorta', 'AORTA'],
    ['Ascending Aorta', 'AORTA'],
    ['aortic valve calcification', 'AORTIC_VALVE'],
    ['AORTIC_VALVE', 'AORTIC_VALVE'],
    ['Mitral annulus', 'MITRAL_VALVE'],
    ['other', 'OTHER'],
    ['coronary_arteries', 'coronary_arteries'],
    ['Left coronary artery', 'Left coronary artery'],
    ['CAC #3', 'CAC _3'],
    ['heart', null],
    ['heart_atrium_left', null],
    ['lung_upper_lobe_left', null],
    ['Rib 4', null],
    ['pulmonary artery', null],
    ['epicardial fat', null],
  ])("'%s' is %s", async (label, territory) => {
    expect(await named({ label })).toEqual([territory, 'label', null])
  })

  it.each([
    'LAD or RCA',
    'stent in LAD',
    'non-coronary calcification',
    'not LAD',
    'coronary sinus',
    'left coronary cusp',
    'heart calcification',
    'heart vessels',
    'epicardial vessels',
    'right',
    'left',
    'Segment_1',
    'D4',
    'M1',
    'marginal',
    'PL',
    'PLB',
    'posterolateral branch',
    'Heart-LAD',
    'Heart_LAD',
    'A_LAD_PRV05',
    'zLAD',
    '~A_LAD',
    'A_Iliac_Cflx_L',
    'tricuspid valve calcification',
    'constructor',
    '__proto__',
    '',
  ])("'%s' is not understood", async (label) => {
    const error = await refusal(named({ label }))
    expect([error.code, error.details['kind'], error.details['numbers']]).toEqual([
      'TERRITORY_MISMATCH',
      'unnamed',
      [1],
    ])
    expect(error.message).toContain('{ "1": "LAD" }')
  })

  it.each([
    ['PLB', /1: a posterolateral branch leaves the right artery or the circumflex .*; write RCA or LCX/],
    ['M2', /1: an obtuse marginal leaves the circumflex, an acute one the right artery; write LCX or RCA/],
    ['Heart-LAD', /1: .*by TG-263 a hyphen takes one structure from another; write the vessel alone/],
    ['~A_LAD', /1: by TG-263 a tilde marks a structure drawn only in part/],
  ])("'%s' is told what to write instead", async (label, why) => {
    expect((await refusal(named({ label }))).message).toMatch(why)
  })

  it('come from codes before labels, by scheme', async () => {
    const type = code('SCT', '59438005', 'x')
    expect(await named({ label: 'Segment_1', type })).toEqual(['LAD', 'code', 'SCT 59438005'])
    expect(await named({ label: 'x', type: code('SRT', 'T-43110', 'x') })).toEqual(['LAD', 'code', 'SRT T-43110'])
    expect(await named({ label: 'x', type: code('99SDM', 'T-43200', 'x') })).toEqual(['RCA', 'code', 'SRT T-43200'])
    expect(await named({ label: 'x', type: CALCIUM, region: type })).toEqual(['LAD', 'code', 'SCT 59438005'])
    expect(await named({ label: 'x', type: CALCIUM, modifier: type })).toEqual(['LAD', 'code', 'SCT 59438005'])
    expect(await named({ label: 'x', type: code('FMA', '3862', 'Left anterior descending artery') })).toEqual([
      'LAD',
      'meaning',
      null,
    ])
    await expect(named({ label: 'x', type: code('99X', '59438005', 'x') })).rejects.toThrow(/not understood/)
    const coronary = code('SCT', '41801008', 'Coronary artery')
    expect(await named({ label: 'V7', type: coronary })).toEqual(['V7', 'code', 'SCT 41801008'])
    expect(await named({ label: 'D1', type: coronary })).toEqual(['LAD', 'label', null])
    for (const [value, srt, territory] of [
      ['91754001', 'T-43128', 'LCX'],
      ['91755000', 'T-43129', 'LCX'],
      ['91756004', 'T-4312A', 'LCX'],
    ] as const) {
      expect(await named({ label: 'x', type: code('SCT', value, 'x') })).toEqual([territory, 'code', `SCT ${value}`])
      expect(await named({ label: 'x', type: code('SRT', srt, 'x') })).toEqual([territory, 'code', `SRT ${srt}`])
    }
    expect(await named({ label: 'x', type: code('SCT', '244258000', 'x') })).toEqual(['RCA', 'code', 'SCT 244258000'])
    expect(await named({ type: code('SCT', '41801008', 'Coronary artery') })).toEqual([
      'Coronary artery',
      'code',
      'SCT 41801008',
    ])
    expect(await named({ label: 'x', type: code('SCT', '80891009', 'Heart') })).toEqual([null, 'code', 'SCT 80891009'])
  })

  it('that contradict each other are refused', async () => {
    for (const [label, type] of [
      ['RCA', code('SCT', '59438005', 'x')],
      ['heart', code('SCT', '41801008', 'x')],
      ['aorta', code('SCT', '41801008', 'x')],
    ] as const) {
      expect(await kindOf(named({ label, type }))).toBe('TERRITORY_MISMATCH conflict')
    }
  })

  it('leave nothing out that is calcium somewhere', async () => {
    const heart = code('SCT', '80891009', 'Heart')
    expect(await kindOf(named({ label: 'x', type: CALCIUM, region: heart }))).toBe('TERRITORY_MISMATCH unnamed')
    expect(await kindOf(named({ label: 'heart', type: CALCIUM }))).toBe('TERRITORY_MISMATCH unnamed')
    expect(await kindOf(named({ label: 'lesion 3', type: heart }))).toBe('TERRITORY_MISMATCH unnamed')
  })

  it('of the caller go before all others, null leaves out', async () => {
    const type = code('SCT', '59438005', 'x')
    expect(await named({ label: 'RCA', type }, { 1: 'lm' })).toEqual(['LM', 'names', null])
    expect(await named({ label: 'x' }, { 1: 'my stent' })).toEqual(['my stent', 'names', null])
    expect(await named({ label: 'x' }, { 1: 'Left main' })).toEqual(['LM', 'names', null])
    expect(await named({ label: 'LAD' }, { 1: 'heart' })).toEqual([null, 'names', null])
    expect(await named({ label: 'x' }, { 1: 'PLB' })).toEqual(['PLB', 'names', null])
    for (const vague of ['LAD or RCA', 'stent in LAD', 'non-coronary', 'coronary sinus', 'heart stent', '~A_LAD']) {
      await expect(named({ label: 'x' }, { 1: vague })).rejects.toThrow(/is understood only in part|must be 1 to 64/)
    }
    expect(await named({ label: 'x' }, { 1: null })).toEqual([null, 'names', null])
    expect(await kindOf(named({ label: 'LAD' }, { 3: 'LM' }))).toBe('TERRITORY_MISMATCH names')
    await expect(named({ label: 'x' }, { 1: 'é' })).rejects.toThrow(RangeError)
    await expect(named({ label: 'x' }, { LAD: '1' } as never)).rejects.toThrow(RangeError)
    await expect(named({ label: 'x' }, [] as never)).rejects.toThrow(TypeError)
  })

  it('none of which is a territory are refused', async () => {
    const error = await refusal(read(segFile(GRID, [{ number: 1, label: 'heart', pixels }])))
    expect(error.message).toContain("no segment is a territory; it has 1 'heart'")
  })

  it('never carry what is not printable', async () => {
    const error = await refusal(named({ label: 'a\u001b[31mb\n' + 'x'.repeat(40) }))
    expect(error.message).toMatch(/1 'a\?\[31mb\?x+'/)
  })

  it('twice for one number are refused', async () => {
    const twice = [lad(pixels), { number: 1, label: 'RCA', pixels: block(5, 5, 2, 2, [1]) }]
    expect(await kindOf(read(segFile(GRID, twice)))).toBe('PARSE_FAILED structure')
  })
})
