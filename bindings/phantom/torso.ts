/** The torso: everything painted, in order, later over earlier. */
import { TISSUE_HU as HU, abdomen, bodyWall, chestCavity, lungVessels, lungs, ribs, spine, sternum } from './chest.js'
import { type Course, makeCourses, makeLesions } from './coronaries.js'
import {
  aortaDescending,
  greatVessels,
  heartMuscle,
  leftVentricleBlood,
  mediastinum,
  oesophagus,
  otherBlood,
  pericardium,
  trachea,
} from './heart.js'
import { seededRandom } from './random.js'
import type { Field, Tubes } from './render.js'
import type { Scene } from './scene.js'
import { type Distance, type TubePoint, grown, intersection, tube, union } from './shapes.js'

/** Streams of the seed: one for anatomy, one for calcifications, so that neither moves the other. */
const ANATOMY = 1
const LESIONS = 2

export function torsoScene(seed: number): Scene {
  const courses = makeCourses()
  return {
    base: [...bodyWall(), ...lungs()],
    paints: [
      lungVessels(seededRandom(seed, ANATOMY)),
      ...abdomen(),
      ...ribs(),
      ...sternum(),
      ...mediastinalOrgans(),
      ...spine(),
      ...arteries(courses),
    ],
    lesions: makeLesions(courses, seededRandom(seed, LESIONS)),
    courses,
    names: Object.freeze(Object.fromEntries(courses.map(({ label, vessel }) => [label, vessel]))),
  }
}

function mediastinalOrgans(): Field[] {
  const box = [-90, 110, -75, 75, -500, 500] as const
  const field = (distance: Distance, hu: number): Field => ({ kind: 'field', distance, hu, box })
  const aorta = tube(aortaDescending)
  const airways = union(...trachea.map(tube))
  // The sac shows as a line where it lies between two layers of fat.
  const sac = intersection(grown(pericardium, 0.7), (_x, _y, z) => z - 34)
  return [
    field(intersection(mediastinum, grown(chestCavity, 1)), HU.fat),
    field(sac, HU.pericardium),
    field(grown(sac, -1.4), HU.epicardialFat),
    field(greatVessels, HU.blood),
    field(heartMuscle, HU.myocardium),
    field(otherBlood, HU.blood),
    field(leftVentricleBlood, HU.blood),
    field(aorta, HU.vesselWall),
    field(grown(aorta, -1.6), HU.blood),
    field(tube(oesophagus), 38),
    field(grown(airways, 1.4), HU.airwayWall + 80),
    field(airways, HU.airway),
  ]
}

function arteries(courses: readonly Course[]): Tubes[] {
  return courses
    .filter(({ vessel }) => vessel !== 'AORTA')
    .map(({ points }) => ({
      kind: 'tubes',
      hu: HU.blood,
      pieces: points.slice(1).map((p, n): [TubePoint, TubePoint] => [points[n]!, p]),
    }))
}
