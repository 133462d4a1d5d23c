/** Where a published table or model comes from, and how far its numbers were checked: stands beside every value made with it. */

export interface Published {
  readonly citation: string
  /** Digital object identifier; null: none known. */
  readonly doi: string | null
  /** Which edition of a table or model this is, for people. */
  readonly edition: string
  /** How the numbers written down here were compared with the publication. */
  readonly verification: string
  /** What must be said wherever a value stands; null: nothing. */
  readonly flag: string | null
}

/** The flag of a table that was found in one place only. */
export const SINGLE_TRANSCRIPTION = 'single transcription, unconfirmed'
