import { z } from 'zod'
import {
  exampleSource,
  openedPackage,
  packageLook,
  packageOutline,
  packageWords,
  shelfEntry,
  writtenPackage,
} from '../package.ts'
import { runId as id } from '../views.ts'
import { method } from './method.ts'

const job = z.string().max(64).optional()
const path = z.string().min(1).max(4_000)
const ids = z.array(id).min(1).max(64)
/** A folder, or an http(s) address with an index.json. */
const shelf = { folder: path.nullable().default(null), address: z.url().max(2_000).nullable().default(null) }

/** Trained networks in files. */
export const packageCalls = {
  /** What a package of these runs would hold. `group`: with the other finished seeds of the setting. */
  'packages.outline': method(
    { view: true, audited: false, paths: [] },
    z.object({ ids, group: z.boolean().default(false) }),
    packageOutline,
  ),
  /** Writes finished runs of one setting into the new file `to`, with pictures and what they answer to them. */
  'packages.write': method(
    { view: false, audited: true, paths: ['to'] },
    z.object({
      ids,
      group: z.boolean().default(false),
      to: path,
      ...packageWords.partial().shape,
      examples: exampleSource.default('generated'),
      job,
    }),
    writtenPackage,
  ),
  /** What a package says about itself; nothing is added. */
  'packages.look': method({ view: false, audited: false, paths: ['path'] }, z.object({ path }), packageLook),
  /** Checks a package, computes its stored outputs anew, and adds its runs to this home. */
  'packages.open': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({ path, job }),
    openedPackage,
  ),
  /** The packages of a folder, or of a web address, which is asked only now. */
  'packages.shelf': method(
    { view: false, audited: true, paths: ['folder'] },
    z.object(shelf),
    z.array(shelfEntry),
  ),
  /** Fetches a package that the index of a web address lists, compares its SHA-256, and opens it. */
  'packages.fetch': method(
    { view: false, audited: true, paths: [] },
    z.object({ address: z.url().max(2_000), file: z.string().max(210), job }),
    openedPackage,
  ),
} as const
