#!/usr/bin/env python3
"""Converts PyTorch weights to safetensors and back.

    python convert-weights.py model.pth model.safetensors      # .pth, .pt, .tar, .pkl, .pickle -> safetensors
    python convert-weights.py model.safetensors model.pth      # and back, for torch.load / load_state_dict

Uses PyTorch where it is installed. Without it the file is read by this script alone: only plain containers, numbers,
tensors and numpy arrays are accepted, so that a file cannot run code. A state dict inside a checkpoint is found by its
usual keys; `--key` names another one.
"""
import argparse
import collections
import io
import json
import math
import os
import pickle
import struct
import sys
import tempfile
import types
import zipfile

# torch storage class -> (safetensors dtype, bytes per element)
STORAGES = {
    "DoubleStorage": ("F64", 8),
    "FloatStorage": ("F32", 4),
    "HalfStorage": ("F16", 2),
    "BFloat16Storage": ("BF16", 2),
    "LongStorage": ("I64", 8),
    "IntStorage": ("I32", 4),
    "ShortStorage": ("I16", 2),
    "CharStorage": ("I8", 1),
    "ByteStorage": ("U8", 1),
    "BoolStorage": ("BOOL", 1),
}
STORAGE_OF = {dtype: name for name, (dtype, _) in STORAGES.items()}
WIDTH = {dtype: width for dtype, width in STORAGES.values()}
# numpy type code -> safetensors dtype (little endian only)
NUMPY = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8", "u1": "U8", "b1": "BOOL"}
STATE_DICT_KEYS = ("state_dict", "model_state_dict", "model_state", "net", "model", "weights")
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
ZIP_START = b"PK\x03\x04"
MAX_HEADER = 100_000_000


class Refused(Exception):
    """The file cannot or must not be read; the text says why."""


class Array:
    """A dense tensor as little-endian bytes in row-major order."""

    def __init__(self, dtype, shape, data):
        self.dtype, self.shape, self.data = dtype, tuple(int(n) for n in shape), data


# ---------------------------------------------------------------- reading PyTorch files without PyTorch


class Storage:
    def __init__(self, kind, data):
        if kind not in STORAGES:
            raise Refused(f"tensors of type {kind} are not supported")
        self.dtype, self.width = STORAGES[kind]
        self.data = data


class StorageKind:
    """Stands for a class torch.<Name>Storage inside a pickle."""

    def __init__(self, name):
        self.name = name


def rebuild_tensor(storage, offset, size, stride, _gradient=False, _hooks=None, marks=None):
    if any((marks or {}).values()):  # torch.Tensor._neg_view, .conj(): the values are not those of the storage
        raise Refused("a tensor is stored as the negative or conjugate of another; save it with .resolve_neg().resolve_conj()")
    width, data = storage.width, storage.data
    count = math.prod(size)
    if isinstance(data, list):  # the legacy format brings the bytes after the pickle
        return Pending(storage, offset, size, stride)
    if tuple(stride) == contiguous(size):
        begin = offset * width
        chunk = bytes(data[begin : begin + count * width])
    else:
        chunk = b"".join(data[at * width : (at + 1) * width] for at in positions(offset, size, stride))
    if len(chunk) != count * width:
        raise Refused("a tensor is longer than its storage")
    return Array(storage.dtype, size, chunk)


class Pending:
    """A tensor whose bytes are still to come."""

    def __init__(self, *parts):
        self.parts = parts


def contiguous(size):
    strides, step = [], 1
    for n in reversed(size):
        strides.append(step)
        step *= n
    return tuple(reversed(strides))


def positions(offset, size, stride):
    at = [offset]
    for n, step in zip(size, stride):
        at = [base + i * step for base in at for i in range(n)]
    return at


def rebuild_parameter(data, *_ignored):
    return data


class NumpyDtype:
    def __init__(self, code, *_ignored):
        self.code, self.order = str(code), "<"

    def __setstate__(self, state):
        self.order = state[1]


class NumpyArray:
    def __init__(self, *_ignored):
        self.value = None

    def __setstate__(self, state):
        _version, shape, dtype, is_fortran, data = state
        if dtype.code not in NUMPY or dtype.order == ">":
            raise Refused(f"numpy arrays of type {dtype.order}{dtype.code} are not supported")
        kind = NUMPY[dtype.code]
        data = data.encode("latin1") if isinstance(data, str) else bytes(data)
        if is_fortran and len(shape) > 1:
            width = WIDTH[kind]
            strides = tuple(reversed(contiguous(tuple(reversed(shape)))))
            data = b"".join(data[at * width : (at + 1) * width] for at in positions(0, shape, strides))
        self.value = Array(kind, shape, data)


def numpy_scalar(dtype, data):
    array = NumpyArray()
    array.__setstate__((1, (), dtype, False, data))
    return array


ALLOWED = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("collections", "defaultdict"): lambda *_ignored: {},
    ("torch", "Size"): tuple,
    ("torch", "device"): lambda *parts: str(parts),
    ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
    ("torch._utils", "_rebuild_tensor"): rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): rebuild_parameter,
    ("torch.nn.parameter", "Parameter"): rebuild_parameter,
    ("numpy", "ndarray"): NumpyArray,
    ("numpy", "dtype"): NumpyDtype,
    ("_codecs", "encode"): lambda text, *_ignored: text.encode("latin1"),
    **{(f"numpy.{core}.multiarray", "_reconstruct"): NumpyArray for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): numpy_scalar for core in ("core", "_core")},
}


class Unpickler(pickle.Unpickler):
    """Knows the classes of a state dict and nothing else."""

    def __init__(self, file, storage_of):
        super().__init__(file, encoding="latin1")
        self.storage_of = storage_of

    def find_class(self, module, name):
        if (module, name) in ALLOWED:
            return ALLOWED[module, name]
        if module in ("torch", "torch.cuda") and name.endswith("Storage"):
            return StorageKind(name)
        raise Refused(f"the file wants to run {module}.{name}; only tensors and plain containers are read")

    def persistent_load(self, pid):
        if not isinstance(pid, tuple) or pid[0] != "storage" or not isinstance(pid[1], StorageKind):
            raise Refused("the file refers to something that is no tensor")
        return self.storage_of(pid[1].name, str(pid[2]), int(pid[4]))


def load_zip(path):
    with zipfile.ZipFile(path) as archive:
        pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise Refused("the archive holds no PyTorch weights (TorchScript archives are not supported)")
        root = pickles[0][: -len("data.pkl")]
        if f"{root}byteorder" in archive.namelist() and archive.read(f"{root}byteorder").strip() != b"little":
            raise Refused("weights in big-endian order are not supported")
        read = {}

        def storage_of(kind, key, _count):
            if key not in read:
                read[key] = Storage(kind, archive.read(f"{root}data/{key}"))
            return read[key]

        return Unpickler(io.BytesIO(archive.read(pickles[0])), storage_of).load()


def load_legacy(file):
    """The format of PyTorch before 1.6: four pickles, the storage keys, then size and bytes of each storage."""
    waiting = {}

    def storage_of(kind, key, count):
        if key not in waiting:
            waiting[key] = Storage(kind, [count])
        return waiting[key]

    unpickle = lambda: Unpickler(file, storage_of).load()
    if unpickle() != LEGACY_MAGIC:
        return None
    unpickle()  # protocol
    if unpickle().get("little_endian") is False:
        raise Refused("weights in big-endian order are not supported")
    value = unpickle()
    for key in unpickle():
        (count,) = struct.unpack("<q", file.read(8))
        storage = waiting[str(key)]
        storage.data = file.read(count * storage.width)
    return settled(value)


def settled(value):
    if isinstance(value, Pending):
        return rebuild_tensor(*value.parts)
    if isinstance(value, dict):
        return {key: settled(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [settled(v) for v in value]
    return value


def load_alone(path):
    with open(path, "rb") as file:
        if file.read(4) == ZIP_START:
            return load_zip(path)
        file.seek(0)
        try:
            legacy = load_legacy(file)
            if legacy is not None:
                return legacy
        except (AttributeError, EOFError):
            pass  # one pickle only: no legacy file
        file.seek(0)

        def no_storage(*_ignored):
            raise Refused("tensors without their bytes")

        return Unpickler(file, no_storage).load()


# ---------------------------------------------------------------- with PyTorch


def load_with_torch(torch, path):
    try:
        value = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError):
        return load_alone(path)  # reads numpy arrays, which torch refuses here, and names what neither may run
    kinds = {getattr(torch, t): d for t, d in TORCH_DTYPES.items()}

    def convert(v):
        if isinstance(v, torch.Tensor):
            if v.layout != torch.strided or v.dtype not in kinds:
                kind = v.dtype if v.layout == torch.strided else v.layout
                raise Refused(f"tensors of type {str(kind)[len('torch.') :]} are not supported")
            dense = v.detach().resolve_conj().resolve_neg().contiguous()
            return Array(kinds[dense.dtype], dense.shape, dense.reshape(-1).view(torch.uint8).numpy().tobytes())
        return {k: convert(x) for k, x in v.items()} if isinstance(v, dict) else v

    return convert(value)


TORCH_DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "bfloat16": "BF16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}


# ---------------------------------------------------------------- state dicts


def state_dict_of(value, key):
    """The tensors of a checkpoint, by name."""
    if key:
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                known = ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__
                raise Refused(f'there is no "{part}"; found: {known}')
            value = value[part]
    value = plain(value)
    if isinstance(value, dict) and not any(isinstance(v, Array) for v in value.values()):
        inner = next((value[k] for k in STATE_DICT_KEYS if isinstance(value.get(k), dict)), None)
        if inner is not None:
            return state_dict_of(inner, "")
    if not isinstance(value, dict):
        raise Refused(f"expected a dict of tensors, found {type(value).__name__}")
    tensors = {str(name): v for name, v in value.items() if isinstance(v, Array)}
    if not tensors:
        raise Refused(f"there are no tensors at this place; found: {', '.join(map(str, value))}. Name it with --key.")
    left_out = [str(name) for name in value if str(name) not in tensors]
    if left_out:
        print(f"left out, not a tensor: {', '.join(left_out)}", file=sys.stderr)
    return tensors


def plain(value):
    if isinstance(value, NumpyArray):
        return value.value
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


# ---------------------------------------------------------------- safetensors


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > MAX_HEADER:
            raise Refused("this is not a safetensors file")
        header = json.loads(file.read(length))
        body = file.read()
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        if not 0 <= begin <= end <= len(body):
            raise Refused(f"{name} lies outside the file")
        arrays[name] = Array(entry["dtype"], entry["shape"], body[begin:end])
    return arrays


def write_safetensors(file, arrays):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    ordered = sorted(arrays.items(), key=lambda item: (-WIDTH[item[1].dtype], item[0]))
    for name, array in ordered:
        end = offset + len(array.data)
        header[name] = {"dtype": array.dtype, "shape": list(array.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write(struct.pack("<Q", len(text)) + text)
    for _, array in ordered:
        file.write(array.data)


# ---------------------------------------------------------------- writing PyTorch files


def write_with_torch(torch, file, arrays):
    kinds = {d: getattr(torch, t) for t, d in TORCH_DTYPES.items()}
    tensors = collections.OrderedDict()
    for name, a in arrays.items():
        flat = torch.frombuffer(bytearray(a.data), dtype=kinds[a.dtype]) if a.data else torch.empty(0, dtype=kinds[a.dtype])
        tensors[name] = flat.reshape(a.shape)
    torch.save(tensors, file)


class TorchPickler(pickle.Pickler):
    """Writes arrays as torch.save does, with the storages beside the pickle."""

    def __init__(self, file, names):
        super().__init__(file, protocol=2)
        self.names, self.storages = names, []

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        kind = self.names[STORAGE_OF[value.dtype]]
        self.storages.append(value.data)
        return ("storage", kind, str(len(self.storages) - 1), "cpu", len(value.data) // value.width)

    def reducer_override(self, value):
        if not isinstance(value, Array):
            return NotImplemented
        storage = Storage(STORAGE_OF[value.dtype], value.data)
        size = value.shape
        rebuild = self.names["_rebuild_tensor_v2"]
        return rebuild, (storage, 0, size, contiguous(size), False, collections.OrderedDict())


def stand_ins():
    """Classes with the names that torch.load looks up; pickling wants them importable."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    names = {}
    for module, name in [(torch, kind) for kind in STORAGES] + [(utils, "_rebuild_tensor_v2")]:
        names[name] = type(name, (), {"__module__": module.__name__})
        setattr(module, name, names[name])
    return {"torch": torch, "torch._utils": utils}, names


def write_alone(file, arrays):
    modules, names = stand_ins()
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        buffer = io.BytesIO()
        pickler = TorchPickler(buffer, names)
        pickler.dump(collections.OrderedDict(arrays))
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", buffer.getvalue())
        archive.writestr("archive/byteorder", "little")
        for key, data in enumerate(pickler.storages):
            archive.writestr(f"archive/data/{key}", data)
        archive.writestr("archive/version", "3\n")


# ---------------------------------------------------------------- command line


def torch_or_none(wanted):
    if not wanted:
        return None
    try:
        import torch
    except ImportError:
        return None
    return torch


def convert(source, target, key, use_torch):
    torch = torch_or_none(use_torch)
    if source.endswith(".safetensors"):
        arrays = read_safetensors(source)
    else:
        value = load_with_torch(torch, source) if torch else load_alone(source)
        arrays = state_dict_of(value, key)
    folder = os.path.dirname(os.path.abspath(target))
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            if target.endswith(".safetensors"):
                write_safetensors(file, arrays)
            elif torch:
                write_with_torch(torch, file, arrays)
            else:
                write_alone(file, arrays)
        except BaseException:
            file.close()
            os.unlink(file.name)
            raise
    os.replace(file.name, target)
    print(f"{len(arrays)} tensors written to {target}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help=".pth, .pt, .tar, .pkl, .pickle or .safetensors")
    parser.add_argument("target", help=".safetensors, or .pth/.pt for PyTorch")
    parser.add_argument("--key", default="", help="where the state dict lies in a checkpoint, for example model.state_dict")
    parser.add_argument("--no-torch", action="store_true", help="do not use PyTorch even where it is installed")
    args = parser.parse_args()
    if args.source.endswith(".safetensors") == args.target.endswith(".safetensors"):
        parser.error("one of the two files must be .safetensors and the other not")
    try:
        convert(args.source, args.target, args.key, not args.no_torch)
    except (Refused, OSError, pickle.UnpicklingError, zipfile.BadZipFile, struct.error, ValueError) as error:
        print(f"{args.source}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
