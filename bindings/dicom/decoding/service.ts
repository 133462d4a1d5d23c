/** The side of the thread that decodes: one set of decoders, and an answer to every request, never an exception. */
import { AgatstonError } from '../../base/errors.js'
import { VERSION } from '../../base/version.js'
import { Codecs } from '../../codecs/map.js'
import { type DecodeReply, type DecodeRequest, type FrameRequest, type LoadRequest, crossing } from './messages.js'
import { storeDecoded } from '../words.js'

export class DecodeService {
  #codecs: Codecs | null = null

  async answer(request: DecodeRequest): Promise<DecodeReply> {
    const file = request.task === 'decode' ? request.shape.file : null
    try {
      return request.task === 'load' ? await this.#load(request) : await this.#decode(request)
    } catch (thrown) {
      return { done: 'failed', error: crossing(thrown, file) }
    }
  }

  async #load({ version, coding, codecs }: LoadRequest): Promise<DecodeReply> {
    if (version !== VERSION) {
      const message = `The worker that decodes is of version ${VERSION} of agatston, the code that asks of ${version}: serve the file of the same version`
      throw new AgatstonError('INTEGRITY_FAILED', message, { version: VERSION, expected: version })
    }
    this.#codecs ??= new Codecs(codecs)
    await this.#codecs.load(coding)
    return { done: 'loaded' }
  }

  async #decode({ coding, frame, shape, words }: FrameRequest): Promise<DecodeReply> {
    const decoder = await (this.#codecs ??= new Codecs()).load(coding)
    // Another frame was in it before: nothing of that may be left, whatever a decoder does.
    words.fill(0)
    const facts = decoder.decode(frame, shape, words)
    return { done: 'decoded', words, frame, facts: { ...facts, unused: storeDecoded(words, facts, shape) } }
  }
}
