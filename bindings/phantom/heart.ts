/**
 * The heart and great vessels: chambers as ellipsoids, vessels as tubes, in patient coordinates (LPS, mm) about the middle of
 * the field of view. Sizes are an ordinary adult's; the long axis points to the left, forward and down.
 */
import type { Vec3 } from '../base/vector.js'
import { type Distance, type TubePoint, blend, ellipsoid, frame, grown, tube, union } from './shapes.js'

/** Middle of the body. The heart lies to the left of it, and the field of view is centred on the heart. */
export const MIDLINE = -18

const LONG_AXIS: Vec3 = [0.68, -0.54, -0.5]
const RIGHT_AXIS: Vec3 = [0.8, -0.22, -0.56]

const ventricle = frame(LONG_AXIS)
const rightVentricle = frame(RIGHT_AXIS)
const LV: Vec3 = [24, -2, -14]
const RV: Vec3 = [-2, -27, -17]
const RA: Vec3 = [-40, -4, -6]
const LA: Vec3 = [-8, 15, 9]
/** Where the four chambers meet: the crux, with the coronary sinus. */
const CRUX: Vec3 = [-8, 8, -20]

export const aortaAscending: readonly TubePoint[] = [
  [-8, -7, 12, 15],
  [-12, -10, 22, 16],
  [-20, -15, 36, 15.5],
  [-25, -17, 52, 15.5],
  [-26, -16, 120, 15.5],
]
export const aortaDescending: readonly TubePoint[] = [
  [6, 50, -140, 11.5],
  [8, 48, -20, 12],
  [9, 45, 50, 12.5],
  [11, 40, 120, 13],
]
const pulmonaryTrunk: readonly TubePoint[] = [
  [-2, -37, 0, 14],
  [3, -37, 16, 14],
  [9, -28, 36, 14],
  [10, -12, 50, 13.5],
]
const rightPulmonary: readonly TubePoint[] = [
  [9, -8, 51, 11],
  [-14, 9, 51, 11],
  [-44, 13, 48, 10],
  [-66, 16, 38, 8],
]
const leftPulmonary: readonly TubePoint[] = [
  [10, -10, 51, 11],
  [26, 6, 53, 10.5],
  [42, 20, 48, 9],
  [52, 26, 36, 7],
]
const superiorCava: readonly TubePoint[] = [
  [-46, -5, 10, 10],
  [-50, -5, 34, 9.5],
  [-51, -6, 120, 9.5],
]
const inferiorCava: readonly TubePoint[] = [
  [-41, 6, -26, 12],
  [-42, 14, -56, 12.5],
  [-40, 20, -140, 12.5],
]
const pulmonaryVeins: readonly (readonly TubePoint[])[] = [
  [
    [-34, 18, 16, 7],
    [-56, 18, 22, 6.5],
    [-72, 10, 28, 4.5],
  ],
  [
    [-34, 22, 4, 7],
    [-54, 28, 0, 6.5],
    [-70, 36, -8, 4.5],
  ],
  [
    [18, 20, 18, 7],
    [36, 20, 24, 6],
    [54, 12, 32, 4],
  ],
  [
    [20, 22, 6, 7],
    [38, 30, 2, 6],
    [54, 40, -6, 4.5],
  ],
]
export const trachea: readonly (readonly TubePoint[])[] = [
  [
    [MIDLINE - 1, 22, 120, 8.5],
    [MIDLINE - 1, 25, 64, 8.5],
  ],
  [
    [MIDLINE - 1, 25, 64, 7],
    [MIDLINE - 16, 28, 48, 7],
    [-52, 30, 30, 5.5],
    [-62, 36, 10, 4],
  ],
  [
    [MIDLINE - 1, 25, 64, 6.5],
    [MIDLINE + 20, 28, 44, 6],
    [30, 32, 34, 5.5],
    [46, 38, 18, 4],
  ],
]
export const oesophagus: readonly TubePoint[] = [
  [MIDLINE + 6, 40, 120, 6],
  [MIDLINE + 8, 39, 20, 6.5],
  [MIDLINE + 14, 34, -60, 7],
  [MIDLINE + 24, 26, -120, 8],
]

/** Walls and blood of the four chambers, with the outflow tracts: what the coronary arteries lie on. */
export const heartMuscle: Distance = blend(
  3,
  ellipsoid(LV, [47, 31, 32], ventricle),
  ellipsoid(RV, [44, 28, 24], rightVentricle),
  ellipsoid(RA, [21, 27, 33]),
  ellipsoid(LA, [36, 15, 24]),
  ellipsoid(CRUX, [26, 19, 22]),
  tube(pulmonaryTrunk),
  tube(aortaAscending.slice(0, 3)),
)

/** Left-ventricular blood; the wall around it is 9 to 10 mm thick. */
export const leftVentricleBlood: Distance = ellipsoid([22, -1, -12], [37, 21, 22], ventricle)
export const otherBlood: Distance = union(
  ellipsoid(RV, [40.5, 24.5, 20.5], rightVentricle),
  ellipsoid(RA, [19, 25, 31]),
  ellipsoid(LA, [34, 13, 22]),
)

/** Vessels that leave or enter the heart. */
export const greatVessels: Distance = union(
  tube(aortaAscending),
  tube(pulmonaryTrunk),
  tube(rightPulmonary),
  tube(leftPulmonary),
  tube(superiorCava),
  tube(inferiorCava),
  ...pulmonaryVeins.map(tube),
)

/** The pericardial sac: heart and roots of the great vessels, grooves filled, in fat of 3 to 10 mm. */
export const pericardium: Distance = grown(
  blend(
    26,
    ellipsoid(LV, [47, 31, 32], ventricle),
    ellipsoid(RV, [45, 29, 26], rightVentricle),
    ellipsoid(RA, [22, 28, 34]),
    ellipsoid(LA, [34, 14, 23]),
    ellipsoid(CRUX, [24, 18, 20]),
    tube(pulmonaryTrunk.slice(0, 3)),
    tube(aortaAscending.slice(0, 3)),
  ),
  1.5,
)

/** The fat of the mediastinum: everything between the lungs, smoothed. */
export const mediastinum: Distance = grown(
  blend(
    24,
    pericardium,
    tube(aortaAscending),
    tube(aortaDescending),
    tube(pulmonaryTrunk),
    tube(superiorCava),
    tube(oesophagus),
    tube(trachea[0]!),
    // In front: behind the sternum, where the two lungs nearly meet.
    tube([
      [MIDLINE + 4, -60, -90, 8],
      [MIDLINE + 2, -57, 10, 7],
      [MIDLINE, -54, 70, 12],
      [MIDLINE, -54, 130, 14],
    ]),
    // Above the heart: between and in front of the great vessels.
    tube([
      [-16, -20, 34, 18],
      [-17, -18, 70, 22],
      [-17, -16, 130, 22],
    ]),
    // Behind: from the windpipe and the gullet to the spine.
    tube([
      [MIDLINE + 8, 50, -140, 9],
      [MIDLINE + 6, 48, -20, 8],
      [MIDLINE + 4, 38, 40, 12],
      [MIDLINE + 3, 30, 70, 17],
      [MIDLINE + 3, 28, 130, 18],
    ]),
  ),
  0.5,
)
