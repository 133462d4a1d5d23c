/** The sentence that stands under everything this package prints. */
export const DISCLAIMER = 'Not a cleared medical device. For research; a clinician confirms every reading.'
