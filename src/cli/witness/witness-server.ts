import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { cosign, type NoteSigner } from '../../ledger/note.ts'
import { judgeCheckpoint, parseAddCheckpoint } from '../../ledger/witness.ts'
import type { FollowedLogKeys } from './followed-keys.ts'
import type { WitnessState } from './witness-state.ts'

export interface WitnessUses {
  readonly logKeys: FollowedLogKeys
  readonly signer: NoteSigner
  readonly state: WitnessState
  readonly now: () => Date
  readonly tell: (message: string) => void
}

const MOST_BYTES = 64 * 1024

/**
 * The witness's one door: POST /add-checkpoint (C2SP tlog-witness). What it accepts is on disk before it is signed. Requests are
 * judged one after another, since judging and remembering happen in one turn.
 */
export const witnessServer = (uses: WitnessUses): Server => {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8 * 1024 }, (request, response) => {
    serve(uses, request, response).catch((cause: unknown) => {
      uses.tell(`A request failed: ${String(cause)}`)
      if (!response.headersSent) answer(response, 500, 'the witness failed\n')
    })
  })
  server.maxConnections = 64
  return server
}

const serve = async (uses: WitnessUses, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.method !== 'POST' || request.url !== '/add-checkpoint') return void answer(response, 404, 'POST /add-checkpoint\n')
  const body = await readBody(request)
  if (body === null) return void answer(response, 413, 'too long\n')
  const asked = parseAddCheckpoint(body)
  if (asked === null) return void answer(response, 400, 'this is not an add-checkpoint request\n')
  const judged = judgeCheckpoint(asked, uses.state.read(), uses.logKeys.windows())
  if (judged.accepted) {
    uses.state.write(judged.remember)
    return void answer(response, 200, cosign(judged.text, uses.signer, uses.now()))
  }
  if (judged.evidence !== undefined) uses.tell(`${judged.why}. Kept in ${uses.state.keep(judged.evidence, judged.why)}`)
  if (judged.status === 409) return void answer(response, 409, `${judged.knownSize ?? 0}\n`, 'text/x.tlog.size')
  return void answer(response, judged.status, `${judged.why}\n`)
}

const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += (chunk as Buffer).length
    if (length > MOST_BYTES) return null
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const answer = (response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  response.end(text)
}
