import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Readout, ReadoutSite } from '../readouts/readout.ts'
import type { ModelShapes, SessionShape, Shape3 } from '../shape.ts'
import { startingBias } from '../starting-bias.ts'

/** The pictures that a model of responses alone reads: those of the first area that has sessions. */
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

/** One readout per session on a core's output, by `area/session`. `make` also gets the sessions that came before. */
export function sessionReadouts(
  shapes: ModelShapes,
  input: Shape3,
  biasInit: 'training_set' | 'first_batch',
  make: (site: ReadoutSite, session: SessionShape, first: SessionShape) => Readout,
): ReadonlyMap<string, Readout> {
  const first = shapes.sessions[0]
  const names = shapes.sessions.map((s) => s.key)
  const repeated = new Set(names.filter((name, i) => names.indexOf(name) !== i))
  return new Map(
    shapes.sessions.map((session) => {
      const name = `readout.${repeated.has(session.key) ? `${session.area}_` : ''}${session.key}`
      const site: ReadoutSite = {
        place: { name, torch: name, block: 'readout' },
        input,
        units: session.units,
        ...startingBias(session, biasInit),
      }
      return [`${session.area}/${session.key}`, make(site, session, first ?? session)]
    }),
  )
}
