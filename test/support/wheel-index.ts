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

/** An index of packages with one wheel for Linux among those of others. */
export const serveWheel = (wheel: Uint8Array, served: Served = {}): Promise<WheelIndex> =>
  servePackages(
    ['win_amd64', 'manylinux_2_27_x86_64', 'manylinux_2_27_aarch64'].map((tag) => ({
      name: `tensorflow_cpu-2.21.0-cp311-cp311-${tag}.whl`,
      content: wheel,
    })),
    served,
  )

export interface Package {
  readonly name: string
  readonly content: Uint8Array
}

/** An index of packages (PEP 503) on this machine; projects are those that the names of the files begin with. */
export async function servePackages(
  files: readonly Package[],
  { sha256, piece }: Served = {},
): Promise<WheelIndex> {
  const asked: string[] = []
  const pageOf = (project: string): string =>
    files
      .filter(({ name }) => name.startsWith(`${project.replaceAll('-', '_')}-`))
      .map(({ name, content }) => {
        const sum = sha256 ?? createHash('sha256').update(content).digest('hex')
        return `<a href="../../files/${name}#sha256=${sum}">${name}</a>`
      })
      .join('\n')
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim())
    const project = /^\/simple\/([^/]+)\/$/.exec(request.url ?? '')?.[1]
    const page = project === undefined ? '' : pageOf(project)
    if (page !== '') return response.setHeader('content-type', 'text/html').end(page)
    const file = files.find(({ name }) => request.url === `/files/${name}`)
    if (file === undefined) return response.writeHead(404).end()
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = file.content.subarray(from)
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
