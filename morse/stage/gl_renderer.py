"""Draws a world with OpenGL 3.3 through moderngl, off screen: on a GPU, or on the CPU by Mesa's llvmpipe.

Smooth meshes, one sun with soft shadows (a shadow map, 3 × 3 filtered), ambient light from sky and ground with contact
shadows, three materials, 4 × multisampling. A picture depends on its arguments alone, never on what was drawn before.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from morse.meshes import Mesh
from morse.stage.studio import TEXTURE, Studio
from morse.world import ASPECT, FAR, NEAR, Body, Ground, World, rotations

Array = np.ndarray
Rectangle = tuple[int, int, int, int]
"""left, top, right, bottom in pixels; right and bottom are outside."""
SHADOW_MAP = 1024
SAMPLES = 4
_MATERIALS = {"rubber": 0, "metal": 1, "glass": 2}


@dataclass(frozen=True)
class View:
    """Where a picture is taken from: eye (3,), rotation (3, 3) with rows right, up, forward, and focal length."""

    eye: Array
    turn: Array
    focal: float

    @classmethod
    def of(cls, world: World, time: float) -> "View":
        """The world's camera at a time."""
        eyes, turns, focals = world.camera.axes(np.array([time]))
        return cls(eyes[0], turns[0], float(focals[0]))

    def matrix(self) -> Array:
        """(4, 4): world to clip space, y down, so that rows come out in the order of the picture."""
        project = np.zeros((4, 4))
        project[0, 0], project[1, 1] = self.focal / ASPECT, -self.focal
        project[2, 2], project[2, 3] = (FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)
        project[3, 2] = 1.0
        look = np.eye(4)
        look[:3, :3], look[:3, 3] = self.turn, -self.turn @ self.eye
        return project @ look


@cache
def context() -> Any:
    """This process's OpenGL context. Raises whatever moderngl raises where there is no EGL."""
    # one thread: clips are made side by side, and two threads cost half as much again in CPU time for one picture
    os.environ.setdefault("LP_NUM_THREADS", "0")
    import moderngl

    made = moderngl.create_context(standalone=True, backend="egl", require=330)
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
        self._flat_program = programs["flat"]
        self._meshes = {}
        self._drawn = [self._upload(body.surface) for body in world.bodies]
        self._ground = self._upload(_ground_mesh(world.ground))
        self._quad = self._keep(self._gl.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], dtype="f4").tobytes()))
        self._back = self._keep(self._gl.vertex_array(self._back_program, [(self._quad, "2f", "corner")]))
        self._blob = self._keep(self._gl.vertex_array(self._blob_program, [(self._quad, "2f", "corner")]))
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

    def draw(self, poses: Array, view: View, hidden: frozenset[int], into: Array, area: Sequence[Rectangle]) -> None:
        """Draw some rectangles of the picture into ``into`` (height, width, 4).

        ``poses`` (bodies, 7); ``hidden``: bodies to leave out, shadow and all.
        """
        models = _models(poses)
        self._cast_shadows(models, hidden)
        for rectangle in area:
            self._draw_part(models, poses, view, hidden, rectangle)
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
        for i, model in enumerate(_models(poses)):
            self._flat_program["model"].write(_columns(model))
            self._flat_program["number"].value = (i + 1) / 255
            self._drawn[i]["flat"].render()
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
                "body": array(self._body_program, "3f 3f", "place", "normal"),
                "ground": array(self._ground_program, "3f 12x", "place"),
                "flat": array(self._flat_program, "3f 12x", "place"),
                "mesh": mesh,
            }
        return self._meshes[id(mesh)]

    def _light_up(self) -> None:
        """Set what stays the same over the clip."""
        s = self.studio
        for program in (self._body_program, self._ground_program):
            values = {
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
            }
            for name, value in values.items():
                if name in program:
                    program[name].value = tuple(float(v) for v in value)
            program["to_light"].write(_columns(self._shadow_matrix))
            program["shadow"].value = 0
        self._ground_program["pattern"].value = 1
        self._ground_program["repeat"].value = 1.0 / s.texture_size
        self._ground_program["frame_height"].value = float(self.height)
        centre = self.world.camera.at(np.zeros(1))[1][0]
        self._ground_program["centre"].value = (float(centre[0]), float(centre[1]))
        span = float(np.linalg.norm(self.world.camera.at(np.zeros(1))[0][0] - centre))
        self._ground_program["fade"].value = (span * 1.0, span * 2.6)
        for name, value in (("back_low", s.backdrop[0]), ("back_high", s.backdrop[1])):
            self._back_program[name].value = tuple(float(v) for v in value)
        self._back_program["frame_height"].value = float(self.height)

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

    def _draw_part(self, models: Array, poses: Array, view: View, hidden: frozenset[int], rectangle: Rectangle) -> None:
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
        away = np.linalg.norm(poses[:, :3] - view.eye, axis=1)
        order = [int(i) for i in np.argsort(away, kind="stable") if int(i) not in hidden]
        solid = [i for i in order if self.world.bodies[i].material != "glass"]
        glass = [i for i in reversed(order) if self.world.bodies[i].material == "glass"]
        program = self._body_program
        program["camera"].write(camera)
        program["eye"].value = eye
        for i in solid:
            self._draw_body(i, models[i])
        self._ground_program["camera"].write(camera)
        self._ground["ground"].render()
        gl.enable_only(gl.DEPTH_TEST)
        self._back.render(gl.TRIANGLE_STRIP)
        gl.enable_only(gl.DEPTH_TEST | gl.BLEND)
        self._target.depth_mask = False
        gl.blend_func = gl.ZERO, gl.SRC_COLOR
        self._blob_program["camera"].write(camera)
        for i in order:
            self._draw_blob(self.world.bodies[i], self._drawn[i]["mesh"], models[i])
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

    def _draw_blob(self, body: Body, mesh: Mesh, model: Array) -> None:
        """The contact shadow on the ground: an ellipse fitted to the body's outline from above."""
        blob = contact_blob(mesh, model)
        if blob is None:
            return
        centre, axes, strength = blob
        self._blob_program["centre"].value = tuple(float(v) for v in centre)
        self._blob_program["axes"].value = tuple(float(v) for v in axes.ravel())
        self._blob_program["strength"].value = strength * (0.6 if body.material == "glass" else 1.0)
        self._blob.render(self._gl.TRIANGLE_STRIP)


BLOB_REACH = 1.9
"""How far a contact shadow reaches, in half sizes of the body."""


def contact_blob(mesh: Mesh, model: Array) -> tuple[Array, Array, float] | None:
    """Centre (2,), axes (2, 2; columns in metres) and darkness of a body's contact shadow on the ground; None: too high."""
    points = mesh.vertices @ model[:3, :3].T + model[:3, 3]
    height = float(points[:, 2].min())
    flat = points[:, :2]
    centre = (flat.min(axis=0) + flat.max(axis=0)) / 2
    spread, turn = np.linalg.eigh(np.cov(flat.T))
    axes = turn * np.abs((flat - centre) @ turn).max(axis=0)
    size = float(np.sqrt(np.abs(np.linalg.det(axes)))) if spread[0] > 0 else 0.0
    strength = 0.62 * float(np.exp(-max(height, 0.0) / max(0.35 * size, 1e-6)))
    if strength < 0.02 or height < -0.5 * size:
        return None
    return centre, axes, strength


def shadow_matrix(studio: Studio, low: Array, high: Array) -> Array:
    """(4, 4): world to the shadow map's clip space, holding the box from ``low`` to ``high`` (3,)."""
    forward = -studio.light
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    turn = np.stack([right, np.cross(right, forward), forward])
    corners = np.array([[(low, high)[(i >> axis) & 1][axis] for axis in range(3)] for i in range(8)]) @ turn.T
    near, far = corners.min(axis=0) - 0.05, corners.max(axis=0) + 0.05
    out = np.eye(4)
    out[:3, :3] = turn * (2 / (far - near))[:, None]
    out[:3, 3] = -(far + near) / (far - near)
    return out


def _columns(matrix: Array) -> bytes:
    """A matrix as OpenGL wants it: column by column."""
    return np.ascontiguousarray(matrix.T, dtype="f4").tobytes()


def _models(poses: Array) -> Array:
    out = np.zeros((len(poses), 4, 4))
    out[:, :3, :3], out[:, :3, 3], out[:, 3, 3] = rotations(poses[:, 3:]), poses[:, :3], 1.0
    return out


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


_VERTEX = """
#version 330
uniform mat4 camera, model;
in vec3 place, normal;
out vec3 at, facing;
void main() {
    vec4 spot = model * vec4(place, 1.0);
    at = spot.xyz;
    facing = mat3(model) * normal;
    gl_Position = camera * spot;
}
"""

_LIGHT = """
uniform vec3 light, light_colour, fill, fill_colour, sky, bounce, ground_low, ground_high, back_low, back_high;
uniform mat4 to_light;
uniform sampler2DShadow shadow;

float lit(vec3 at) {
    vec3 p = (to_light * vec4(at, 1.0)).xyz * 0.5 + 0.5;
    if (any(lessThan(p.xy, vec2(0.0))) || any(greaterThan(p.xy, vec2(1.0)))) return 1.0;
    float sum = 0.0;
    vec2 texel = SPREAD / vec2(textureSize(shadow, 0));
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            sum += texture(shadow, vec3(p.xy + vec2(i, j) * texel, p.z));
    return sum / 9.0;
}

vec3 shown(vec3 colour) {
    // a soft shoulder above 0.8, then sRGB
    vec3 c = mix(colour, 0.8 + 0.2 * (1.0 - exp(-(colour - 0.8) / 0.2)), step(0.8, colour));
    return mix(1.055 * pow(max(c, 1e-5), vec3(1.0 / 2.4)) - 0.055, c * 12.92, step(c, vec3(0.0031308)));
}
"""

_BODY = (
    """
#version 330
uniform vec3 eye, colour;
uniform int material;
uniform float tall;
in vec3 at, facing;
out vec4 painted;
"""
    + _LIGHT
    + """
// what a mirror shows: floor below the horizon, a bright wall above it, a soft box overhead
vec3 around(vec3 r) {
    vec3 floor_ = 0.75 * ground_high + 0.10;
    vec3 wall = mix(vec3(0.92), vec3(0.50), smoothstep(0.0, 0.75, r.z));
    vec3 seen = mix(floor_ * mix(1.0, 0.55, smoothstep(0.0, -1.0, r.z)), wall, smoothstep(-0.06, 0.10, r.z));
    float box = smoothstep(0.80, 0.90, dot(r, normalize(light + vec3(0.0, 0.0, 0.35))));
    float strip = smoothstep(0.86, 0.93, dot(r, normalize(fill + vec3(0.0, 0.0, 0.5))));
    return seen + 1.1 * box + 0.5 * strip;
}

void main() {
    vec3 n = normalize(facing), to_eye = normalize(eye - at);
    float straight = dot(n, light);
    float sun = straight > 0.0 ? lit(at + n * 0.012 + light * 0.012) * straight : 0.0;
    float up = 0.5 + 0.5 * n.z;
    // near the ground a surface sees less of the sky
    float open = mix(0.45 + 0.55 * up, 1.0, smoothstep(0.0, 0.8 * tall, at.z));
    vec3 soft = mix(bounce, sky, up) * open;
    vec3 light_here = light_colour * sun + fill_colour * max(dot(n, fill), 0.0) + soft;
    vec3 half_way = normalize(light + to_eye);
    float facing_half = max(dot(n, half_way), 0.0);
    float edge = pow(1.0 - max(dot(n, to_eye), 0.0), 5.0);
    float sunny = straight > 0.0 ? smoothstep(0.0, 0.15, sun) : 0.0;
    vec3 out_colour;
    float alpha = 1.0;
    if (material == 0) {
        out_colour = colour * light_here + 0.05 * sunny * pow(facing_half, 14.0) + 0.04 * edge * soft;
    } else if (material == 1) {
        vec3 mirror = around(reflect(-to_eye, n)) * mix(0.55 + 0.45 * open, 1.0, 0.5);
        vec3 tint = mix(colour, vec3(1.0), 0.05 + 0.55 * edge);
        out_colour = tint * (0.42 * light_here + 0.85 * mirror) + 1.3 * sunny * pow(facing_half, 180.0);
    } else {
        vec3 mirror = around(reflect(-to_eye, n));
        out_colour = colour * (0.75 * light_here + 0.30) + (0.05 + 0.75 * edge) * mirror
            + 1.4 * sunny * pow(facing_half, 220.0);
        alpha = gl_FrontFacing ? mix(0.55, 0.95, edge) : 0.55;
    }
    painted = vec4(shown(out_colour), alpha);
}
"""
)

_GROUND_VERTEX = """
#version 330
uniform mat4 camera;
in vec3 place;
out vec3 at;
void main() {
    at = place;
    gl_Position = camera * vec4(place, 1.0);
}
"""

_GROUND = (
    """
#version 330
uniform sampler2D pattern;
uniform float repeat, frame_height;
uniform vec2 centre, fade;
in vec3 at;
out vec4 painted;
"""
    + _LIGHT
    + """
void main() {
    float far = smoothstep(fade.x, fade.y, length(at.xy - centre));
    vec3 colour = mix(ground_low, ground_high, texture(pattern, at.xy * repeat).r);
    vec3 light_here = light_colour * light.z * lit(at) + fill_colour * fill.z + sky;
    vec3 back = mix(back_high, back_low, gl_FragCoord.y / frame_height);
    painted = vec4(shown(mix(colour * light_here, back, far)), 1.0);
}
"""
)

_BACKDROP_VERTEX = """
#version 330
in vec2 corner;
void main() { gl_Position = vec4(corner, 0.99999, 1.0); }
"""

_BACKDROP = (
    """
#version 330
uniform float frame_height;
out vec4 painted;
"""
    + _LIGHT
    + """
void main() { painted = vec4(shown(mix(back_high, back_low, gl_FragCoord.y / frame_height)), 1.0); }
"""
)

_BLOB_VERTEX = """
#version 330
uniform mat4 camera;
uniform vec2 centre;
uniform vec4 axes;
in vec2 corner;
out vec2 away;
void main() {
    away = corner * REACH;
    vec2 spot = centre + vec2(dot(axes.xy, away), dot(axes.zw, away));
    gl_Position = camera * vec4(spot, 0.002, 1.0);
}
"""

_BLOB = """
#version 330
uniform float strength;
in vec2 away;
out vec4 painted;
void main() {
    float r = length(away);
    float dark = strength * smoothstep(REACH, 0.55, r);
    painted = vec4(vec3(1.0 - dark), 1.0);
}
"""

_FLAT_VERTEX = """
#version 330
uniform mat4 camera, model;
in vec3 place;
void main() { gl_Position = camera * model * vec4(place, 1.0); }
"""

_FLAT = """
#version 330
uniform float number;
out vec4 painted;
void main() { painted = vec4(number, 0.0, 0.0, 1.0); }
"""


@cache
def _programs() -> dict[str, Any]:
    gl = context()
    sources = {
        "body": (_VERTEX, _BODY),
        "ground": (_GROUND_VERTEX, _GROUND),
        "backdrop": (_BACKDROP_VERTEX, _BACKDROP),
        "blob": (_BLOB_VERTEX, _BLOB),
        "flat": (_FLAT_VERTEX, _FLAT),
    }

    def filled(text: str) -> str:
        return text.replace("SPREAD", "1.6").replace("REACH", f"{BLOB_REACH:.1f}").strip()

    return {
        name: gl.program(vertex_shader=filled(vertex), fragment_shader=filled(fragment))
        for name, (vertex, fragment) in sources.items()
    }
