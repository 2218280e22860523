import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly impact: string
  readonly help: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Serious and critical findings of axe-core, one line each; of these rules alone where some are named. */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe)
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) }
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as {
    violations: Violation[]
  }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => {
      const where = nodes.slice(0, 3).map(({ target }) => target.join(' '))
      return `${id} (${help}): ${where.join(' | ')}: ${nodes[0]?.failureSummary.replaceAll(/\s+/g, ' ') ?? ''}`
    })
}

/** Runs in the page: rules by which something is there only under the pointer. */
const rulesUnderPointer = (): string[] => {
  const SHOWS = ['opacity', 'visibility', 'display']
  const rulesOf = (list: CSSRuleList): CSSStyleRule[] =>
    [...list].flatMap((rule) =>
      rule instanceof CSSStyleRule ? [rule] : rule instanceof CSSGroupingRule ? rulesOf(rule.cssRules) : [],
    )
  return [...document.styleSheets]
    .flatMap((sheet) => rulesOf(sheet.cssRules))
    .filter((rule) => SHOWS.some((property) => rule.style.getPropertyValue(property) !== ''))
    .map((rule) => rule.selectorText)
    .filter((selector) => selector.includes(':hover') && !selector.includes(':focus'))
}

/** Rules of the style sheets by which something is there only under the pointer, and not with the focus. */
export const hoverOnlyRules = (page: Page): Promise<string[]> => page.evaluate(rulesUnderPointer)
