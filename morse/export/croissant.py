"""Croissant 1.1 (MLCommons): what a folder of parquet files holds, as JSON-LD for data set search and loaders."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from morse.dataset import Dataset
from morse.writing import file_sha256

VERSION = "http://mlcommons.org/croissant/1.1"
KINDS = {"string": "sc:Text", "list": "sc:Text", "int32": "sc:Integer", "float64": "sc:Float"}
ABOUT = {
    "question_id": "Names the question.",
    "clip_id": "Names the clip; several questions are asked of one.",
    "prompt": "What a model is given beside the video: the question, its options, and the wanted answer format.",
    "text": "The question in words, without options.",
    "format": "The answer format, as JSON.",
    "asked_at": "Seconds of the clip up to which it may be seen; the video ends there. Null: all of it.",
    "chance": "What a guess scores.",
    "min_frames": "How many frames at least are needed.",
    "min_fps": "The coarsest frame rate at which all evidence is seen.",
    "canary": "Marks test data, so that it can be kept out of training data.",
    "answer": "The answer, as JSON.",
    "evidence": "Stretches of the clip that the answer rests on, as JSON.",
    "steps": "Reference steps of the reasoning, as JSON.",
}


def croissant(data: Dataset, files: Sequence[Path], columns: Mapping[str, str]) -> dict[str, Any]:
    """The metadata of a folder whose ``data/`` holds these parquet files, with these columns beside ``video``."""
    recipe = data.manifest.recipe
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": recipe.name,
        "description": recipe.about or "A video-reasoning test set made by MORSE.",
        "version": f"{recipe.version}.0.0",
        "citeAs": f"The MORSE developers. MORSE: a programmatic generator of video-reasoning benchmarks, version {data.manifest.morse_version}.",
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
        "inLanguage": recipe.language,
        "isLiveDataset": False,
        "keywords": ["video", "reasoning", "synthetic"],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"data/{file.name}",
                "name": file.name,
                "contentUrl": f"data/{file.name}",
                "encodingFormat": "application/x-parquet",
                "sha256": file_sha256(file),
            }
            for file in files
        ],
        "recordSet": [_records(file.name, number, columns) for number, file in enumerate(files)],
    }


def _records(file: str, number: int, columns: Mapping[str, str]) -> dict[str, Any]:
    name = "questions" if number == 0 else f"questions-{number}"
    fields = [_field(name, file, column, KINDS[kind], kind == "list") for column, kind in columns.items()]
    video = _field(name, file, "video", "sc:VideoObject", False)
    video["source"]["transform"] = {"jsonPath": "bytes"}
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"One row a question, from data/{file}.",
        "key": {"@id": f"{name}/question_id"},
        "field": [*fields, video],
    }


def _field(records: str, file: str, column: str, kind: str, repeated: bool) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{records}/{column}",
        "name": column,
        "description": ABOUT.get(column, column.replace("_", " ")),
        "dataType": kind,
        **({"isArray": True, "arrayShape": "-1"} if repeated else {}),
        "source": {"fileObject": {"@id": f"data/{file}"}, "extract": {"column": column}},
    }


_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
    "unArchive": "cr:unArchive",
    "value": "cr:value",
}
