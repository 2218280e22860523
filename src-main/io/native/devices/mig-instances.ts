import type { Gpu } from '../../../../src-shared/contract/doctor.ts'

type Instance = Gpu['instances'][number]

/** `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-...)` */
const CARD = /^GPU \d+: .*\(UUID: (.+)\)$/
/** `  MIG 1g.5gb     Device  0: (UUID: MIG-...)`; drivers before 470 write `MIG-GPU-<card>/1/0`. */
const INSTANCE = /^MIG (\S+)\s+Device\s+\d+: \(UUID: (.+)\)$/

/**
 * The instances (MIG) of each card, by UUID of the card, out of the list that `nvidia-smi -L` prints. Each can be named in
 * CUDA_VISIBLE_DEVICES as a card can.
 */
export function migInstances(list: string): ReadonlyMap<string, readonly Instance[]> {
  const found = new Map<string, Instance[]>()
  let own: Instance[] = []
  for (const line of list.split('\n').map((text) => text.trim())) {
    const card = CARD.exec(line)?.[1]
    if (card !== undefined) found.set(card, (own = []))
    const [, name, uuid] = INSTANCE.exec(line) ?? []
    if (name !== undefined && uuid !== undefined) own.push({ uuid, name })
  }
  return found
}
