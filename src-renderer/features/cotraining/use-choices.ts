import { computed, onBeforeUnmount, reactive, ref, watch } from 'vue'
import { useRoute } from 'vue-router'
import type { Result } from '../../../src-shared/contract/contract.ts'
import type { Choices, Network, Pictures, Responses } from '../../../src-shared/guided/choices.ts'
import { complete, obstacles, titleOf } from '../../../src-shared/guided/choices.ts'
import { areaOf } from '../../../src-shared/guided/suggestions.ts'
import { listen } from '../../api/client.ts'
import { useApp } from '../../stores/app.ts'
import { useCall } from '../../ui/use/use-call.ts'

type DataSet = Result<'data.get'>
/** Published settings are for pictures of this size on. */
const PUBLISHED_PIXELS = 64

/** A recording with all its sessions. */
export function wholeRecording(set: DataSet): Responses {
  const sessions = set.sessions ?? []
  return { kind: 'recorded', set, sessions: sessions.map((s) => s.session), area: areaOf(sessions) }
}

/** What is chosen for a new co-training; it begins with the set of the address, or with those that were added last. */
export function useChoices() {
  const route = useRoute()
  const app = useApp()
  const list = useCall('data.list', () => ({}))
  onBeforeUnmount(listen('data.changed', () => void list.reload()))
  const recordings = computed(() => (list.data.value ?? []).filter((s) => s.kind === 'neural'))
  const imageSets = computed(() => (list.data.value ?? []).filter((s) => s.kind === 'images'))
  const choices = reactive<{ -readonly [K in keyof Choices]: Choices[K] }>({
    responses: null,
    pictures: null,
    settings: ['pictures', 'cotrained', 'shuffled'],
    seeds: 3,
    length: 'quick',
    network: 'small',
  })
  const wanted = typeof route.query['data'] === 'string' ? route.query['data'] : ''
  const newest = (sets: readonly DataSet[]): DataSet | undefined =>
    sets.find((s) => s.id === wanted) ?? sets.toSorted((a, b) => b.addedAt - a.addedAt)[0]

  /** First what is there; after a change of the list the same sets as they are now. */
  watch(list.data, (sets) => {
    if (sets === null) return
    choices.responses = freshResponses(choices.responses, recordings.value, newest(recordings.value))
    choices.pictures = freshPictures(choices.pictures, imageSets.value, newest(imageSets.value))
  })

  const suggestion = computed(() => suggested(choices, app.doctor?.backend.gpu === true))
  watch(suggestion, ({ network }, before) => {
    if (network !== before.network) choices.network = network
  })

  const given = ref('')
  const title = computed({
    get: () => (given.value === '' ? titleOf(choices) : given.value),
    set: (text: string) => (given.value = text.trim() === titleOf(choices) ? '' : text.trim()),
  })

  /** A person gave the name: it is not to be changed. */
  const isNamed = computed(() => given.value !== '')

  /** What was just added is chosen. */
  async function added(set: DataSet): Promise<void> {
    await list.reload()
    const now = (list.data.value ?? []).find((s) => s.id === set.id) ?? set
    if (now.kind === 'neural') choices.responses = wholeRecording(now)
    else choices.pictures = { kind: 'set', set: now }
  }

  return {
    list,
    recordings,
    imageSets,
    choices,
    chosen: computed(() => complete(choices)),
    gaps: computed(() => obstacles(choices)),
    title,
    isNamed,
    suggestion,
    added,
  }
}

function freshResponses(
  before: Responses | null,
  sets: readonly DataSet[],
  first: DataSet | undefined,
): Responses {
  if (before?.kind === 'simulated') return before
  const now = before === null ? undefined : sets.find((s) => s.id === before.set.id)
  if (before !== null && now !== undefined) return { ...before, set: now }
  return first === undefined ? { kind: 'simulated' } : wholeRecording(first)
}

function freshPictures(
  before: Pictures | null,
  sets: readonly DataSet[],
  first: DataSet | undefined,
): Pictures {
  if (before?.kind === 'digits') return before
  const now = before === null ? undefined : sets.find((s) => s.id === before.set.id)
  const set = now ?? first
  return set === undefined ? { kind: 'digits' } : { kind: 'set', set }
}

/** The published network where pictures are large enough and a card computes; it takes days on a processor. */
function suggested({ pictures }: Choices, hasCard: boolean): { network: Network; why: string } {
  const train =
    pictures?.kind === 'set' ? pictures.set.parts?.find(({ name }) => name === 'train') : undefined
  const isLarge = (train?.height ?? 0) >= PUBLISHED_PIXELS
  if (isLarge && hasCard)
    return { network: 'published', why: 'Suggested: the pictures are large enough and a card computes.' }
  return {
    network: 'small',
    why: isLarge
      ? 'Suggested: no card computes here, and the published network takes days without one.'
      : 'Suggested: the pictures are smaller than those of the published network.',
  }
}
