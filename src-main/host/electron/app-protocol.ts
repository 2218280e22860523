import { SECURITY_HEADERS, staticFile } from '../static-files.ts'

/** The page's own scheme: unlike file://, it has an origin and cannot reach other files. */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://cotrain'

/** Answers the window's requests from the built renderer. */
export async function answerAppRequest(root: string, url: string): Promise<Response> {
  const { protocol, host, pathname } = new URL(url)
  const file = `${protocol}//${host}` === APP_ORIGIN ? await staticFile(root, pathname) : null
  if (file === null) return new Response('not found', { status: 404, headers: SECURITY_HEADERS })
  return new Response(new Uint8Array(file.content), {
    headers: { ...SECURITY_HEADERS, 'content-type': file.type },
  })
}
