import type {} from '../../../src-renderer/api/electron-transport.ts'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { serveFolder } from './static-server.ts'

/**
 * Takes an image of each view in each state, theme and size, and lists what axe-core and the console complain about.
 * `vite build --mode fake` first. Options: --views --states --themes --sizes (comma lists), --out folder.
 */
const { values } = parseArgs({
  options: {
    views: { type: 'string', default: 'start,data,edit,queue,runs,run,compare,doctor,settings,styleguide' },
    states: { type: 'string', default: 'demo' },
    themes: { type: 'string', default: 'light,dark' },
    sizes: { type: 'string', default: '1280x800' },
    out: { type: 'string', default: join(tmpdir(), 'cotrain-look') },
    axe: { type: 'boolean', default: true },
    zoom: { type: 'string', default: '1' },
    /** JavaScript run in the page before the image. */
    act: { type: 'string', default: '' },
    name: { type: 'string', default: '' },
  },
})
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function pathOf(view: string, page: Page): Promise<string> {
  if (view === 'start') return '/'
  if (!['run', 'compare'].includes(view)) return view.includes(':') ? view.replaceAll(':', '/') : `/${view}`
  const ids = await page.evaluate(async () => {
    const reply = (await window.cotrain?.call('runs.list', {})) as {
      result?: { runs: { id: string; status: string }[] }
    }
    return reply.result?.runs.filter((r) => r.status === 'finished').map((r) => r.id) ?? []
  })
  return view === 'run'
    ? `/runs/${ids[1] ?? 'none'}`
    : `/compare?runs=${ids.slice(0, 50).join(',')}&baseline=${ids[0] ?? ''}`
}

interface Violation {
  id: string
  impact: string
  nodes: { target: string[]; failureSummary: string }[]
}

async function audit(page: Page): Promise<Violation[]> {
  await page.evaluate(axe)
  const result = (await page.evaluate('axe.run()')) as { violations: Violation[] }
  return result.violations
}

const server = await serveFolder(new URL('../../../out/fake-renderer', import.meta.url).pathname)
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? BROWSERS.find((b) => existsSync(b)) ?? 'chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
mkdirSync(values.out, { recursive: true })
let complaints = 0

for (const size of values.sizes.split(',')) {
  const [width = 1280, height = 800] = size.split('x').map(Number)
  for (const theme of values.themes.split(',')) {
    for (const state of values.states.split(',')) {
      const zoom = Number(values.zoom)
      const context = await browser.newContext({
        viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
        deviceScaleFactor: zoom,
        colorScheme: theme as 'light' | 'dark',
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => console.log(`${++complaints} page error`, error.message))
      page.on(
        'console',
        (m) =>
          ['error', 'warning'].includes(m.type()) &&
          console.log(`${++complaints} console ${m.type()}`, m.text().slice(0, 400)),
      )
      await page.goto(`${server.url}?state=${state}`)
      await page.waitForSelector('main')
      for (const view of values.views.split(',')) {
        await page.goto(`${server.url}?state=${state}#${await pathOf(view, page)}`)
        await page.waitForTimeout(900)
        if (values.act !== '') {
          await page.evaluate(values.act)
          await page.waitForTimeout(700)
        }
        const name = `${view.replaceAll(/[:/?&=]/g, '_')}-${state}-${theme}-${size}${values.name === '' ? '' : `-${values.name}`}`
        await page.screenshot({ path: join(values.out, `${name}.png`) })
        if (!values.axe) continue
        for (const v of await audit(page)) {
          const isBad = v.impact === 'serious' || v.impact === 'critical'
          if (isBad) complaints++
          console.log(
            `${name}: ${v.impact} ${v.id}: ${v.nodes
              .slice(0, 3)
              .map((n) => n.target.join(' '))
              .join(
                ' | ',
              )}${isBad ? ` :: ${v.nodes[0]?.failureSummary.replaceAll('\n', ' ').slice(0, 300)}` : ''}`,
          )
        }
      }
      await context.close()
    }
  }
}
await browser.close()
server.close()
console.log(
  complaints === 0
    ? `no complaints; images in ${values.out}`
    : `${complaints} complaints; images in ${values.out}`,
)
process.exitCode = complaints === 0 ? 0 : 1
