import { computed } from 'vue'
import { isHeadline } from '../../../src-shared/contract/score-keys.ts'
import { useMemory } from '../../stores/memory.ts'

/** Columns of config options: there are hundreds, none is shown unless chosen. */
export const OPTION_COLUMN = 'option:'

/** Which columns of a table are shown: headline scores and everything that is no score or option, unless a person chose otherwise; `further` scores too. */
export function useColumnChoice(key: string, further: () => readonly string[] = () => []) {
  const memory = useMemory()
  const chosen = computed(() => memory.read<Record<string, boolean>>(key, {}))
  const isScore = (id: string): boolean => id.includes('/')
  const isShown = (id: string): boolean =>
    chosen.value[id] ??
    (!id.startsWith(OPTION_COLUMN) && (!isScore(id) || isHeadline(id) || further().includes(id)))
  const toggle = (id: string): void => memory.write(key, { ...chosen.value, [id]: !isShown(id) })
  const restore = (choice: Readonly<Record<string, boolean>>): void => memory.write(key, choice)
  return { chosen, isShown, toggle, restore }
}
