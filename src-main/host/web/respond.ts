import type { ServerResponse } from 'node:http'

/** Ends with one line of text; what is refused gets no more of the connection. */
export function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(why)
}

export function refuseTooMany(response: ServerResponse): void {
  response.setHeader('retry-after', '1')
  refuse(response, 429, 'too many requests')
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}
