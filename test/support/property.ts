import fc from 'fast-check'

/**
 * fast-check with a fixed seed, so that a property that fails fails again: a run of all tests is the same on every machine.
 * COTRAIN_PROPERTY_SEED=random looks further (a failure prints its seed), a number repeats such a run.
 */
const FIXED_SEED = 20261123

const asked = process.env['COTRAIN_PROPERTY_SEED']
if (asked !== 'random') fc.configureGlobal({ seed: asked === undefined ? FIXED_SEED : Number(asked) })

export { fc }
