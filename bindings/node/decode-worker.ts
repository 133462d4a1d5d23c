/** What each thread of a pool runs: tinypool hands it one request after another. */
import { Tinypool } from 'tinypool'
import { type DecodeReply, type DecodeRequest, buffersOf } from '../dicom/decoding/messages.js'
import { DecodeService } from '../dicom/decoding/service.js'

const service = new DecodeService()

export default async function answer(request: DecodeRequest): Promise<unknown> {
  const reply = await service.answer(request)
  const buffers = buffersOf(reply)
  return buffers.length > 0 ? moved(reply, buffers) : reply
}

/** The reply, its buffers transferred instead of copied. */
function moved(reply: DecodeReply, buffers: readonly ArrayBuffer[]): unknown {
  const movable: object = { [Tinypool.transferableSymbol]: buffers, [Tinypool.valueSymbol]: reply }
  return Tinypool.move(movable as Parameters<typeof Tinypool.move>[0])
}
