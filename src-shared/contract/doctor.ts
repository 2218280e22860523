import { z } from 'zod'
import { adapter } from './adapter.ts'
import { engineProof } from './engine-proof.ts'
import { engineName } from './engine-name.ts'

/** One way to get TensorFlow, and what came of it. */
const engineRoute = z.object({
  route: z.enum(['configured', 'python', 'cuda', 'cuda11', 'wheel', 'official', 'embedded']),
  tried: z.boolean(),
  ok: z.boolean(),
  reason: z.string(),
})

/** A card as its driver tells. */
const gpu = z.object({
  uuid: z.string(),
  name: z.string(),
  memoryBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
  driver: z.string(),
  /** `9.0`; null where the driver does not say. */
  computeCapability: z.string().nullable(),
  /** Divided into instances (MIG). */
  isPartitioned: z.boolean(),
  /** Its instances where it is divided, in the order of the driver; one can be shown to a process as a card can. */
  instances: z.array(z.object({ uuid: z.string(), /** Its profile, `1g.10gb`. */ name: z.string() })),
})
export type Gpu = z.infer<typeof gpu>

/** What runs on this machine, and why: the page and the text of `cotrain doctor`. */
export const doctorReport = z.object({
  versions: z.object({
    app: z.string(),
    node: z.string(),
    electron: z.string().nullable(),
    tensorflow: z.string().nullable(),
    tfjs: z.string(),
  }),
  machine: z.object({
    os: z.string(),
    cpu: z.string(),
    cores: z.number(),
    features: z.array(z.string()),
    memoryBytes: z.number(),
    freeMemoryBytes: z.number(),
    diskFreeBytes: z.number(),
  }),
  backend: z.object({
    name: engineName,
    reason: z.string(),
    threads: z.number(),
    gpu: z.boolean(),
    /** Device on which a timed matrix product really ran, and how long it took. */
    device: z.string(),
    matmulMs: z.number().nullable(),
  }),
  /** What was proved about the native engine here; null where it has not been proved. Absent without one. */
  proof: engineProof.nullable().optional(),
  /** What TensorFlow would open for a GPU, by expected file name; absent without a native engine on Linux. */
  libraries: z
    .array(z.object({ name: z.string(), file: z.string(), path: z.string().nullable() }))
    .optional(),
  /** NVIDIA cards that are there, whether they compute or not. */
  gpus: z.array(gpu),
  /** Graphics adapters of others, and of NVIDIA where no driver of its own answers. */
  adapters: z.array(adapter),
  /** Why a card that is there computes nothing, and what to do; null where it computes or there is none. */
  unusedGpu: z.string().nullable(),
  /** Whether setting the engine up brings one that computes on a card of this machine. */
  cardIsServed: z.boolean(),
  /** What set-up found of WebGPU and decided; null where it was not looked for. */
  webgpu: z
    .object({
      /** With its driver; null where there is none. */
      adapter: z.string().nullable(),
      /** What the proof on it came to, or why there is no adapter. */
      proof: z.string(),
      /** Used without being asked for, and why. */
      isDefault: z.boolean(),
      why: z.string(),
      /** Milliseconds since 1970. */
      at: z.number(),
    })
    .nullable(),
  routes: z.array(engineRoute),
  advice: z.array(z.string()),
  /** The whole report as text with personal paths shortened, to copy into a message. */
  text: z.string(),
  /** What was taken out of that text, in words; absent where nothing was. */
  removed: z.array(z.string()).optional(),
})

/** What setting up the native engine will fetch, and where it will lie. */
export const setupPlan = z.object({
  name: z.string(),
  version: z.string(),
  folder: z.string(),
  /** Which engine it is and why: the card that will compute, or why none will. */
  why: z.string(),
  /** Which file "from a file" means; null where none is published for the platform. */
  fromFile: z.string().nullable(),
  /** What the library takes on disk; about. */
  unpackedBytes: z.number(),
  /** Of a download that was broken off: a further one goes on there. */
  fetchedBytes: z.number(),
  /** null where none is published for the platform. */
  download: z
    .object({
      /** Name, size and SHA-256 (in hexadecimal) where the release is pinned for the platform; else those that the index states. */
      file: z.string().nullable(),
      host: z.string(),
      /** Exact where pinned, about where several packages are fetched. */
      bytes: z.number().nullable(),
      sha256: z.string().nullable(),
    })
    .nullable(),
})
export type SetupPlan = z.infer<typeof setupPlan>
export type DoctorReport = z.infer<typeof doctorReport>
export type EngineRoute = z.infer<typeof engineRoute>
