import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** The epoch that is looked at, kept in the address (`at=12`), so that a copied link shows the same moment; null where it names none. */
export function useMoment() {
  const route = useRoute()
  const router = useRouter()
  const epoch = computed(() => {
    const { at } = route.query
    return typeof at === 'string' && /^\d+(\.\d+)?$/.test(at) ? Number(at) : null
  })
  const look = (at: number): void =>
    void router.replace({ path: route.path, query: { ...route.query, at: String(at) } })
  return { epoch, look }
}
