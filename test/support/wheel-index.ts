import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const WHEEL = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'

export interface WheelIndex {
  /** Address for COTRAIN_PACKAGE_INDEX. */
  readonly index: string
  /** What was asked for, with the range. */
  readonly asked: readonly string[]
  close(): void
}

interface Served {
  /** That the index states; of the content unless given. */
  readonly sha256?: string
  /** Bytes sent at a time, with a pause after them; all at once unless given. */
  readonly piece?: number
}

/** An index of packages (PEP 503) on this machine, with one wheel for Linux among those of others. */
export async function serveWheel(wheel: Uint8Array, { sha256, piece }: Served = {}): Promise<WheelIndex> {
  const asked: string[] = []
  const sum = sha256 ?? createHash('sha256').update(wheel).digest('hex')
  const page = ['win_amd64', 'manylinux_2_27_x86_64', 'manylinux_2_27_aarch64']
    .map((tag) => `tensorflow_cpu-2.21.0-cp311-cp311-${tag}.whl`)
    .map((name) => `<a href="../../files/${name}#sha256=${sum}">${name}</a>`)
    .join('\n')
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim())
    if (request.url === '/simple/tensorflow-cpu/')
      return response.setHeader('content-type', 'text/html').end(page)
    if (!request.url?.startsWith('/files/')) return response.writeHead(404).end()
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = wheel.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length })
    return send(response, rest, piece ?? rest.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    index: `http://127.0.0.1:${port}/simple`,
    asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** One piece after the other, with a pause between them. */
function send(response: ServerResponse, rest: Uint8Array, piece: number): void {
  if (response.destroyed) return
  if (rest.length <= piece) return void response.end(rest)
  response.write(rest.subarray(0, piece))
  setTimeout(() => send(response, rest.subarray(piece), piece), 50)
}
