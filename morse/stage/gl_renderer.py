"""Draws a world with OpenGL 3.3 through moderngl, off screen: on a GPU, or on the CPU by Mesa's llvmpipe.

Smooth meshes, one sun with soft shadows (a shadow map, 3 × 3 filtered), ambient light from sky and ground with contact
shadows, three materials, 4 × multisampling. A picture depends on its arguments alone, never on what was drawn before.
"""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from morse.meshes import Mesh
from morse.stage.gl_shaders import SOURCES, filled
from morse.stage.picture import Blobs, Falls, Rectangle, View, contact_shadows, corners_of, shadow_falls
from morse.stage.studio import TEXTURE, Studio
from morse.world import NEAR, Ground, World, rotations

Array = np.ndarray
SHADOW_MAP = 1024
SAMPLES = 4
EGL = "libEGL.so.1"
"""The library that all of OpenGL is asked of. By default moderngl opens ``libGL.so`` and ``libEGL.so``, names that only packages for
developers bring."""
_MATERIALS = {"rubber": 0, "metal": 1, "glass": 2}


@cache
def context() -> Any:
    """This process's OpenGL context. Raises whatever moderngl raises where there is no EGL."""
    # one thread: clips are made side by side, and two threads cost half as much again in CPU time for one picture
    os.environ.setdefault("LP_NUM_THREADS", "0")
    import moderngl

    wanted: dict[str, Any] = {"backend": "egl", "libgl": EGL, "libegl": EGL}
    made = moderngl.create_context(standalone=True, require=330, **wanted)
    made.gc_mode = "auto"
    return made


def gl_name() -> str:
    """What draws: OpenGL's renderer and version."""
    info = context().info
    return f"{info['GL_RENDERER']}, OpenGL {info['GL_VERSION']}"


class GlRenderer:
    """Draws the bodies of one world in one studio at one size. ``colours``: linear RGB by colour name."""

    def __init__(
        self, world: World, studio: Studio, colours: dict[str, Array], shadow: Array, width: int, height: int
    ) -> None:
        self.world, self.studio, self.width, self.height = world, studio, width, height
        self._gl: Any = context()
        self._held: list[Any] = []
        self._shadow_matrix = shadow
        self._body_colours = [colours[body.colour] for body in world.bodies]
        programs = _programs()
        self._body_program, self._ground_program = programs["body"], programs["ground"]
        self._back_program, self._blob_program = programs["backdrop"], programs["blob"]
        self._shaded_program = programs["shaded"]
        self._flat_program = programs["flat"]
        self._meshes = {}
        self._drawn = [self._upload(body.surface) for body in world.bodies]
        self._inlays: dict[int, list[tuple[dict[str, Any], tuple[float, ...]]]] = {}
        self._ground = self._upload(_ground_mesh(world.ground))
        self._quad = self._keep(self._gl.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], dtype="f4").tobytes()))
        self._back = self._keep(self._gl.vertex_array(self._back_program, [(self._quad, "2f", "corner")]))
        self._blob = self._keep(self._gl.vertex_array(self._blob_program, [(self._quad, "2f", "corner")]))
        self._shaded = self._keep(self._gl.vertex_array(self._shaded_program, [(self._quad, "2f", "corner")]))
        self._texture = self._keep(self._gl.texture((TEXTURE, TEXTURE), 1, studio.texture.tobytes()))
        self._texture.build_mipmaps()
        self._texture.filter = (self._gl.LINEAR_MIPMAP_LINEAR, self._gl.LINEAR)
        self._depth = self._keep(self._gl.depth_texture((SHADOW_MAP, SHADOW_MAP)))
        self._depth.compare_func = "<="
        self._depth.filter = (self._gl.LINEAR, self._gl.LINEAR)
        self._depth.repeat_x = self._depth.repeat_y = False
        self._shadow_target = self._keep(self._gl.framebuffer(depth_attachment=self._depth))
        size = (width, height)
        colour = self._keep(self._gl.renderbuffer(size, 4, samples=SAMPLES))
        depth = self._keep(self._gl.depth_renderbuffer(size, samples=SAMPLES))
        self._target = self._keep(self._gl.framebuffer([colour], depth))
        self._resolved = self._keep(self._gl.framebuffer([self._keep(self._gl.renderbuffer(size, 4))]))
        self._light_up()

    def inlay(self, body: int, mesh: Mesh, colour: Array) -> None:
        """Draw a mesh with a body from now on, in a linear RGB colour and without a shadow of its own."""
        part = (self._upload(mesh), tuple(colour.tolist()))
        self._inlays.setdefault(body, []).append(part)

    def draw(self, poses: Array, view: View, hidden: frozenset[int], into: Array, area: Sequence[Rectangle]) -> None:
        """Draw some rectangles of the picture into ``into`` (height, width, 4).

        ``poses`` (bodies, 7); ``hidden``: bodies to leave out, shadow and all.
        """
        turns = rotations(poses[:, 3:])
        models = _models(turns, poses[:, :3])
        self._cast_shadows(models, hidden)
        away = np.linalg.norm(poses[:, :3] - view.eye, axis=1)
        order = [int(i) for i in np.argsort(away, kind="stable") if int(i) not in hidden]
        solid = [i for i in order if self.world.bodies[i].material != "glass"]
        glass = [i for i in reversed(order) if self.world.bodies[i].material == "glass"]
        blobs = contact_shadows(self.world.bodies, turns, poses[:, :3])
        falls = shadow_falls(self.world.bodies, turns, poses[:, :3], self.studio.light)
        dark = [i for i in order if blobs.darkness[i] > 0]
        spans = self._spans(corners_of(self.world.bodies, turns, poses[:, :3], 0.02), view)
        # what lies outside a rectangle leaves no mark in it, but takes its time
        falling, darkened = self._spans(falls.corners(), view), self._spans(blobs.corners(), view)
        for part in area:
            self._draw_part(
                models,
                blobs,
                falls,
                view,
                part,
                [i for i in solid if _meet(spans[i], part)],
                [i for i in glass if _meet(spans[i], part)],
                [i for i in dark if _meet(darkened[i], part)],
                [i for i in solid if _meet(falling[i], part)],
            )
        for left, top, right, bottom in area:
            part = self._resolved.read((left, top, right - left, bottom - top), components=4, alignment=1)
            into[top:bottom, left:right] = np.frombuffer(part, np.uint8).reshape(bottom - top, right - left, 4)

    def ids(self, poses: Array, view: View) -> Array:
        """(height, width) of int: which body each pixel shows, −1 for none. The middle of the pixel decides."""
        size = (self.width, self.height)
        target = self._gl.framebuffer([self._gl.renderbuffer(size, 4)], self._gl.depth_renderbuffer(size))
        target.use()
        target.clear()
        self._gl.enable_only(self._gl.DEPTH_TEST | self._gl.CULL_FACE)
        self._gl.front_face = "cw"
        self._flat_program["camera"].write(_columns(view.matrix()))
        for i, model in enumerate(_models(rotations(poses[:, 3:]), poses[:, :3])):
            self._flat_program["model"].write(_columns(model))
            self._flat_program["number"].value = (i + 1) / 255
            for part in (self._drawn[i], *(mark for mark, _ in self._inlays.get(i, ()))):
                part["flat"].render()
        read = np.frombuffer(target.read(components=4, alignment=1), np.uint8).reshape(self.height, self.width, 4)
        for part in (*target.color_attachments, target.depth_attachment, target):
            part.release()
        return read[..., 0].astype(int) - 1

    def release(self) -> None:
        """Free what the renderer holds."""
        for part in reversed(self._held):
            part.release()
        self._held.clear()

    def _keep(self, part: Any) -> Any:
        self._held.append(part)
        return part

    def _upload(self, mesh: Mesh) -> dict[str, Any]:
        if id(mesh) not in self._meshes:
            data = np.concatenate([mesh.vertices, mesh.normals], axis=1).astype("f4")
            vertices = self._keep(self._gl.buffer(data.tobytes()))
            indices = self._keep(self._gl.buffer(mesh.faces.astype("i4").tobytes()))

            def array(program: Any, layout: str, *names: str) -> Any:
                return self._keep(self._gl.vertex_array(program, [(vertices, layout, *names)], indices))

            self._meshes[id(mesh)] = {
                "mesh": mesh,  # kept, so that no other gets its id
                "body": array(self._body_program, "3f 3f", "place", "normal"),
                "ground": array(self._ground_program, "3f 12x", "place"),
                "flat": array(self._flat_program, "3f 12x", "place"),
            }
        return self._meshes[id(mesh)]

    def _light_up(self) -> None:
        """Set what stays the same over the clip."""
        s = self.studio
        eye, target = (places[0] for places in self.world.camera.at(np.zeros(1))[:2])
        far = float(np.linalg.norm(eye - target))
        values: dict[str, Any] = {
            "light": s.light,
            "light_colour": s.light_colour,
            "fill": s.fill,
            "fill_colour": s.fill_colour,
            "sky": s.sky,
            "bounce": s.bounce,
            "ground_low": s.ground[0],
            "ground_high": s.ground[1],
            "back_low": s.backdrop[0],
            "back_high": s.backdrop[1],
            "centre": target[:2],
            "fade": np.array([far, 2.6 * far]),
            "repeat": 1 / s.texture_size,
            "frame_height": float(self.height),
            "shadow": 0,
            "pattern": 1,
        }
        for program in _programs().values():
            for name, value in values.items():
                if name in program:  # the compiler drops what a shader does not need
                    program[name].value = tuple(value.tolist()) if isinstance(value, np.ndarray) else value
            if "to_light" in program:
                program["to_light"].write(_columns(self._shadow_matrix))

    def _cast_shadows(self, models: Array, hidden: frozenset[int]) -> None:
        gl = self._gl
        self._shadow_target.use()
        self._shadow_target.clear(depth=1.0)
        gl.enable_only(gl.DEPTH_TEST | gl.CULL_FACE)
        gl.front_face = "ccw"
        self._flat_program["camera"].write(_columns(self._shadow_matrix))
        for i, body in enumerate(self.world.bodies):
            if i not in hidden and body.material != "glass":
                self._flat_program["model"].write(_columns(models[i]))
                self._drawn[i]["flat"].render()

    def _spans(self, corners: Array, view: View) -> Array:
        """(bodies, 4): rectangles in pixels that hold what lies between corners (bodies, corners, 3)."""
        seen = (corners - view.eye) @ view.turn.T
        scale = view.focal * self.height / 2 / np.maximum(seen[..., 2], 1e-3)
        x, y = self.width / 2 + seen[..., 0] * scale, self.height / 2 - seen[..., 1] * scale
        out = np.stack([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)], axis=1) + [-4, -4, 4, 4]
        out[seen[..., 2].min(axis=1) <= NEAR] = (0, 0, self.width, self.height)
        return out

    def _draw_part(
        self,
        models: Array,
        blobs: Blobs,
        falls: Falls,
        view: View,
        rectangle: Rectangle,
        solid: Sequence[int],
        glass: Sequence[int],
        dark: Sequence[int],
        shaded: Sequence[int],
    ) -> None:
        gl, (left, top, right, bottom) = self._gl, rectangle
        scissor = (left, top, right - left, bottom - top)
        self._target.scissor = self._resolved.scissor = scissor
        self._target.use()
        self._target.clear(depth=1.0)
        gl.enable_only(gl.DEPTH_TEST | gl.CULL_FACE)
        gl.front_face = "cw"  # the picture is drawn upside down
        camera = _columns(view.matrix())
        eye = tuple(float(v) for v in view.eye)
        self._depth.use(0)
        self._texture.use(1)
        program = self._body_program
        program["camera"].write(camera)
        program["eye"].value = eye
        for i in solid:
            self._draw_body(i, models[i])
        gl.enable_only(gl.DEPTH_TEST)
        self._shaded_program["camera"].write(camera)
        for i in shaded:
            self._shaded_program["middle"].value = tuple(falls.centres[i].tolist())
            self._shaded_program["axes"].value = tuple(falls.axes[i].ravel().tolist())
            self._shaded.render(gl.TRIANGLE_STRIP)
        self._ground_program["camera"].write(camera)
        self._ground["ground"].render()
        self._back.render(gl.TRIANGLE_STRIP)
        gl.enable_only(gl.DEPTH_TEST | gl.BLEND)
        self._target.depth_mask = False
        gl.blend_func = gl.ZERO, gl.SRC_COLOR
        self._blob_program["camera"].write(camera)
        for i in dark:
            self._draw_blob(i, blobs)
        gl.blend_func = gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA
        gl.enable_only(gl.DEPTH_TEST | gl.BLEND | gl.CULL_FACE)
        for i in glass:
            for face in ("ccw", "cw"):
                gl.front_face = face
                self._draw_body(i, models[i])
        self._target.depth_mask = True
        gl.copy_framebuffer(self._resolved, self._target)

    def _draw_body(self, i: int, model: Array) -> None:
        body, program = self.world.bodies[i], self._body_program
        program["model"].write(_columns(model))
        program["colour"].value = tuple(float(v) for v in self._body_colours[i])
        program["material"].value = _MATERIALS[body.material]
        program["tall"].value = max(min(body.size), 1e-3)
        self._drawn[i]["body"].render()
        for part, tint in self._inlays.get(i, ()):
            program["colour"].value = tint
            part["body"].render()

    def _draw_blob(self, i: int, blobs: Blobs) -> None:
        """The contact shadow of a body on the ground."""
        faint = 0.6 if self.world.bodies[i].material == "glass" else 1.0
        self._blob_program["centre"].value = tuple(blobs.centres[i].tolist())
        self._blob_program["axes"].value = tuple(blobs.axes[i].ravel().tolist())
        self._blob_program["strength"].value = float(blobs.darkness[i]) * faint
        self._blob.render(self._gl.TRIANGLE_STRIP)


def _columns(matrix: Array) -> bytes:
    """A matrix as OpenGL wants it: column by column."""
    return np.ascontiguousarray(matrix.T, dtype="f4").tobytes()


def _models(turns: Array, places: Array) -> Array:
    out = np.zeros((len(turns), 4, 4))
    out[:, :3, :3], out[:, :3, 3], out[:, 3, 3] = turns, places, 1.0
    return out


def _meet(a: Array, b: Rectangle) -> bool:
    return bool(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def _ground_mesh(ground: Ground) -> Mesh:
    """The floor, cut into pieces so that nothing is lost to rounding near the horizon; or the table on its floor."""
    edges = np.linspace(-60.0, 60.0, 25)
    x, y = (grid.ravel() for grid in np.meshgrid(edges, edges, indexing="ij"))
    points = np.stack([x, y, np.zeros_like(x)], axis=1)
    side = len(edges)
    faces = []
    for i in range(side - 1):
        for j in range(side - 1):
            p = i * side + j
            faces += [[p, p + side, p + side + 1], [p, p + side + 1, p + 1]]
    normals = np.tile([0.0, 0.0, 1.0], (len(points), 1))
    return Mesh(points.astype("f4"), normals.astype("f4"), np.array(faces, dtype="i4"))


@cache
def _programs() -> dict[str, Any]:
    gl = context()
    return {
        name: gl.program(vertex_shader=filled(vertex), fragment_shader=filled(fragment))
        for name, (vertex, fragment) in SOURCES.items()
    }
