import { computed, reactive } from 'vue'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import type { DataNeed, Offer } from '../../../../src-shared/contract/calls/config.ts'
import { call } from '../../../api/client.ts'
import { setOption } from '../../../config/config-text.ts'
import { formatDuration } from '../../../format/time.ts'
import { useCall } from '../../../ui/use/use-call.ts'
import type { Cost } from '../../../ui/use/timed-cost.ts'
import { timedCost } from '../../../ui/use/timed-cost.ts'

/** What the shipped configs and recipes need and cost here, asked for when it is to be seen. */
export function useOffers(isSeen: () => boolean) {
  const found = useCall('config.offers', () => (isSeen() ? {} : null))
  const costs = reactive(new Map<string, Cost>())
  const isTiming = computed(() => [...costs.values()].some(({ kind }) => kind === 'timing'))
  const keyOf = ({ kind, id }: Pick<Offer, 'kind' | 'id'>): string => `${kind} ${id}`

  function costOf(offer: Offer): Cost {
    const known = costs.get(keyOf(offer))
    if (known !== undefined) return known
    return offer.seconds === null
      ? { kind: 'waits' }
      : { kind: 'timed', seconds: offer.seconds, workingRuns: 0 }
  }

  /** One at a time: what is timed beside another is timed wrongly. */
  async function time(offer: Offer): Promise<void> {
    if (offer.config === null || isTiming.value) return
    costs.set(keyOf(offer), { kind: 'timing' })
    costs.set(keyOf(offer), await timedCost(offer.config))
  }

  /** Why it cannot be timed now; empty when it can. */
  const untimed = (offer: Offer): string => {
    if (offer.config === null) return 'It has to be told what it asks for first'
    if (offer.needs.some(({ state }) => state === 'missing')) return 'Its data are missing'
    return isTiming.value ? 'Another one is being timed' : ''
  }

  const offerOf = (kind: Offer['kind'], id: string): Offer | null =>
    found.data.value?.find((offer) => offer.kind === kind && offer.id === id) ?? null
  return { found, offerOf, costOf, time, untimed }
}

/** "about 3 min 10 s"; of several runs that of the first. */
export function costText(cost: Cost, runs: number): string {
  if (cost.kind === 'waits') return 'not timed yet'
  if (cost.kind === 'timing') return 'being timed'
  if (cost.kind === 'not-timed') return `not timed: ${cost.why}`
  const about = `about ${formatDuration(cost.seconds)}`
  const first = runs > 1 ? ` for the first of ${runs} runs` : ''
  return `${about}${first}${cost.workingRuns > 0 ? '; other runs worked meanwhile, so it may be less' : ''}`
}

/** The text of a config or recipe with the registered sets that stand in. */
export const withSets = (yaml: string, offer: Pick<Offer, 'needs'> | null): string =>
  (offer?.needs ?? []).reduce(
    (text, { standIn }) =>
      standIn === null ? text : setOption(text, standIn.path.split('.'), standIn.value),
    yaml,
  )

/** The text of a preset as it can be run here: with the registered sets that stand in. */
export async function presetText({ id, yaml }: Result<'config.presets'>[number]): Promise<string> {
  const offers = await call('config.offers', {})
  return withSets(yaml, offers.find((offer) => offer.kind === 'preset' && offer.id === id) ?? null)
}

/** The Data page with its dialog open for a set that is missing. */
export const addressOf = ({ part, name }: DataNeed) => ({
  path: '/data',
  query: { add: part === 'img_classification' ? 'images' : part, wanted: name },
})
