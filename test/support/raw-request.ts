import { request } from 'node:http'
import { WebSocket } from 'ws'

export interface Ask {
  readonly method?: string
  readonly path?: string
  /** As a record, or as name, value, name, value where a name comes twice. */
  readonly headers?: Readonly<Record<string, string>> | readonly string[]
  readonly body?: string
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Plain HTTP, because fetch would not send a false Host, a raw path or no Origin. */
export function ask(
  port: number,
  { method = 'GET', path = '/', headers = {}, body }: Ask,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false as const }
    const sent = request({ ...options, headers: headers as Record<string, string> }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Status of the answer to a request for a stream; 101 when it was opened. */
export const upgrade = (
  port: number,
  headers: Readonly<Record<string, string>>,
  path = '/api/events',
): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
    socket.on('open', () => (socket.terminate(), resolve(101)))
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
