/**
 * `agatston/nifti`: CT volumes and label maps from NIfTI-1 and NIfTI-2 files (`.nii`, `.nii.gz`), and a writer for both.
 * Runs in Node and in browsers; files come in as bytes.
 */
export { readNiftiVolume, type NiftiVolumeOptions } from './volume.js'
export { readLabelMap, type LabelMapOptions } from './labels.js'
export { writeNifti, type NiftiInput } from './write.js'
