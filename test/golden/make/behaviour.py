"""Gaze shifters and modulators of neuralpredictors."""

from composed import UNITS, config_of, encoder, multi, rate, returning_remapped, stacked
from encoders import distribution, named

TRIAL = {"pupil": [3, 2], "behavior": [3, 3]}


def behaving(name, parts, config, trial, readout=None, readout_name="full_gaussian", options=None, ours=None, **more):
    from neuralpredictors.layers.readouts import FullGaussian2d

    def build():
        core = stacked()
        made = multi((readout or (lambda: FullGaussian2d))(), core, UNITS, init_mu_range=0.3, init_sigma=0.1, feature_reg_weight=0.3, **(options or {}))
        return encoder(core, made, **parts())

    return rate(
        f"behaviour-{name}", build, config_of(readout=readout_name, options=ours, **config), trial=trial,
        forward=lambda module, x, route, trial: module(x, data_key=route["session"], **named(trial)), **more)


def mlp_shifter():
    from neuralpredictors.layers.shifters import MLPShifter

    return {"shifter": MLPShifter(list(UNITS), input_channels=2, hidden_channels_shifter=3, shift_layers=2, bias=False)}


def affine_shifter():
    from neuralpredictors.layers.shifters import StaticAffine2dShifter

    return {"shifter": StaticAffine2dShifter(list(UNITS), input_channels=2, gamma_shifter=0.5)}


def mlp_modulator(numbers=1):
    from neuralpredictors.layers.modulators.mlp import MLPModulator

    return {"modulator": MLPModulator(UNITS, input_channels=3, hidden_channels=4, layers=2, gamma_modulator=0.2, n_parameters_to_modulate=numbers)}


def cases():
    pupil, behavior = {"pupil": TRIAL["pupil"]}, {"behavior": TRIAL["behavior"]}
    affine = {"shifter": "static_affine", "affine_shifter": {"gamma_shifter": 0.5}}
    modulator = {"modulator": "mlp", "mlp_modulator": {"hidden_channels": 4, "gamma_modulator": 0.2}}
    remap = {"remap_layers": 1, "max_remap_amplitude": 0.4}
    return [
        behaving("mlp-shifter", mlp_shifter, {"shifter": "mlp", "mlp_shifter": {"hidden_channels_shifter": 3, "shift_layers": 2, "bias": False}}, pupil),
        behaving("affine-shifter", affine_shifter, affine, pupil),
        behaving("modulator", mlp_modulator, modulator, behavior),
        behaving("shifter-and-modulator", lambda: {**affine_shifter(), **mlp_modulator()}, {**affine, **modulator}, TRIAL),
        behaving("shifted-remapping", affine_shifter, affine, pupil, readout=returning_remapped, readout_name="remapped_gaussian",
                 options=remap, ours=remap),
        distribution("gaussian-modulated", "GaussianEncoder", "GaussianLoss", [0, 1], {"encoder": "gaussian", **modulator},
                     trial={"behavior": [8, 3]}, parts=lambda: mlp_modulator(2),
                     forward=lambda module, x, route, trial: module(x, data_key=route["session"], **named(trial))),
    ]
