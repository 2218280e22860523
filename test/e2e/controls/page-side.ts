import { buildSync } from 'esbuild'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { PageSide } from './in-page/entry.ts'

const built = buildSync({
  entryPoints: [join(import.meta.dirname, 'in-page/entry.ts')],
  bundle: true,
  format: 'iife',
  write: false,
})
const script = built.outputFiles[0]?.text ?? ''

/** Calls a function of `in-page` within the page, which gets them with the first call after it was loaded. */
export async function inPage<Name extends keyof PageSide>(
  page: Page,
  name: Name,
  ...args: Parameters<PageSide[Name]>
): Promise<Awaited<ReturnType<PageSide[Name]>>> {
  if (!(await page.evaluate(() => 'pageSide' in globalThis))) await page.evaluate(script)
  return page.evaluate(
    ([called, given]) => {
      const { pageSide } = globalThis as unknown as {
        pageSide: Record<string, (...all: unknown[]) => unknown>
      }
      return pageSide[called]?.(...given)
    },
    [name, args] as const,
  ) as Promise<Awaited<ReturnType<PageSide[Name]>>>
}
