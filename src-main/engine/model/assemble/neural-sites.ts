import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Modulator } from '../behaviour/modulator.ts'
import type { Shifter } from '../behaviour/shifter.ts'
import type { Encoder } from '../encoders/encoder.ts'
import type { SessionParts } from '../networks/neural-model.ts'
import type { Place } from '../base/param-spec.ts'
import { clonedReadout } from '../readouts/cloned.ts'
import type { Readout, ReadoutSite } from '../readouts/readout.ts'
import type { ModelShapes, SessionShape, Shape3 } from '../base/shape.ts'
import { startingBias } from '../base/starting-bias.ts'

/** The images that a model of responses alone reads: those of the first area that has sessions. */
export function neuralInput(shapes: ModelShapes): Shape3 {
  const input = shapes.inputs.v1 ?? shapes.inputs.v4
  if (input !== undefined && shapes.sessions.length > 0) return input
  throw new CotrainError({
    code: 'config-invalid',
    path: 'model.fn',
    message: 'this model predicts responses, and the data set has no recording session.',
    hint: 'Choose a data set with neural sessions, or a model for classification.',
  })
}

/** Which parts the sessions of a model get. */
export interface SessionPlan {
  readonly biasInit: 'training_set' | 'first_batch'
  readonly encoder: Encoder
  /** `first` is the session that owns what is shared. */
  readonly readout: (site: ReadoutSite, session: SessionShape, first: SessionShape) => Readout
  /** Later sessions reuse the first readout with a gain and an offset per unit. */
  readonly clone?: boolean
  readonly shifter?: { readonly inputs: number; readonly build: (place: Place) => Shifter }
  readonly modulator?: {
    readonly inputs: number
    readonly build: (place: Place, units: number) => Modulator
  }
}

/** The parts of each session on a core's output, by `area/session`. */
export function sessionParts(
  shapes: ModelShapes,
  input: Shape3,
  plan: SessionPlan,
): ReadonlyMap<string, SessionParts> {
  const keys = shapes.sessions.map((s) => s.key)
  const repeated = new Set(keys.filter((key, i) => keys.indexOf(key) !== i))
  let source: { readonly readout: Readout; readonly site: ReadoutSite } | null = null
  return new Map(
    shapes.sessions.map((session) => {
      checkRecorded(session, plan)
      const own = `${repeated.has(session.key) ? `${session.area}_` : ''}${session.key}`
      const stream = (part: string) =>
        session.stream === undefined ? {} : { stream: `${part}.${session.area} ${session.stream}` }
      const at = (part: string): Place => ({
        ...{ name: `${part}.${own}`, torch: `${part}.${own}`, block: part },
        ...stream(part),
      })
      const site = {
        place: at('readout'),
        input,
        units: session.units,
        ...startingBias(session, plan.biasInit),
      }
      const readout =
        source === null || plan.clone !== true
          ? plan.readout(site, session, shapes.sessions[0] ?? session)
          : clonedReadout(site, source, plan.encoder.numbers)
      source ??= { readout, site }
      const parts: SessionParts = {
        readout,
        encoder: plan.encoder.session(at('encoder'), session.units),
        shifter: plan.shifter?.build(at('shifter')) ?? null,
        modulator: plan.modulator?.build(at('modulator'), session.units) ?? null,
      }
      return [`${session.area}/${session.key}`, parts]
    }),
  )
}

/** A shifter needs eye positions and a modulator behaviour, as many numbers as it reads. */
function checkRecorded({ key, pupil, behavior }: SessionShape, { shifter, modulator }: SessionPlan): void {
  const check = (
    option: string,
    what: string,
    wanted: number | undefined,
    found: number | undefined,
  ): void => {
    if (wanted === undefined || found === undefined || wanted === found) return
    throw new CotrainError({
      code: 'config-invalid',
      path: `model.config.${option}`,
      message:
        found === 0
          ? `session ${key} has no ${what}, which the ${option} reads.`
          : `the ${option} reads ${wanted} numbers of ${what} per trial, session ${key} has ${found}.`,
      hint: found === 0 ? `Set ${option} to none.` : `Set its input_channels to ${found}.`,
    })
  }
  check('shifter', 'eye positions', shifter?.inputs, pupil)
  check('modulator', 'behaviour', modulator?.inputs, behavior)
}
