"""The OpenGL shading language sources of :mod:`morse.stage.gl_renderer`. Colours are linear until ``shown``."""

from morse.stage.picture import BLOB_REACH

BODY_VERTEX = """
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

LIGHT = """
uniform vec3 light, light_colour, fill, fill_colour, sky, bounce, ground_low, ground_high, back_low, back_high;
uniform mat4 to_light;
uniform sampler2DShadow shadow;

vec3 to_map(vec3 at) { return (to_light * vec4(at, 1.0)).xyz * 0.5 + 0.5; }

vec3 shown(vec3 colour) {
    // a soft shoulder above 0.8, then sRGB
    vec3 c = mix(colour, 0.8 + 0.2 * (1.0 - exp(-(colour - 0.8) / 0.2)), step(0.8, colour));
    return mix(1.055 * pow(max(c, 1e-5), vec3(1.0 / 2.4)) - 0.055, c * 12.92, step(c, vec3(0.0031308)));
}
"""

BODY = (
    """
#version 330
uniform vec3 eye, colour;
uniform mat4 model;
uniform int material;
uniform float tall;
in vec3 at, facing;
out vec4 painted;
"""
    + LIGHT
    + """
// the share of the sun that reaches a place: four soft looks into the map (more would cost more than they show here)
float lit(vec3 at) {
    vec3 p = to_map(at);
    vec2 a = vec2(1.0, 0.4) * SPREAD / vec2(textureSize(shadow, 0)), b = vec2(-a.y, a.x);
    return 0.25 * (texture(shadow, vec3(p.xy + a, p.z)) + texture(shadow, vec3(p.xy - a, p.z))
        + texture(shadow, vec3(p.xy + b, p.z)) + texture(shadow, vec3(p.xy - b, p.z)));
}

// what a mirror shows: floor below the horizon, a bright wall above it, a soft box overhead
vec3 around(vec3 r) {
    vec3 floor_ = mix(vec3(1.1), 0.45 * ground_high + 0.10, smoothstep(-0.10, -0.55, r.z));
    // windows around the room: bands of light from the side
    float windows = 0.62 + 0.55 * smoothstep(-0.2, 0.7, sin(5.0 * (r.x * light.y - r.y * light.x) + 1.0));
    vec3 wall = mix(vec3(1.15), vec3(0.30), smoothstep(0.05, 0.75, r.z));
    vec3 seen = mix(floor_, wall, smoothstep(-0.05, 0.06, r.z)) * windows;
    float box = smoothstep(0.74, 0.82, dot(r, normalize(light + vec3(0.0, 0.0, 0.35))));
    float strip = smoothstep(0.84, 0.90, dot(r, normalize(fill + vec3(0.0, 0.0, 0.5))));
    return seen + 1.3 * box + 0.7 * strip;
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
        // as if the room were small: what a flat face mirrors changes over the face
        vec3 shift = 0.55 * (at - model[3].xyz) / tall;
        vec3 mirror = around(normalize(reflect(-to_eye, n) + shift)) * (0.78 + 0.22 * open);
        vec3 tint = mix(colour, vec3(1.0), 0.05 + 0.55 * edge);
        out_colour = tint * (0.30 * light_here + 0.95 * mirror) + 1.3 * sunny * pow(facing_half, 180.0);
    } else {
        vec3 mirror = around(reflect(-to_eye, n));
        out_colour = colour * (0.85 * light_here + 0.18) + (0.03 + 0.55 * edge) * mirror
            + 1.4 * sunny * pow(facing_half, 220.0);
        alpha = gl_FrontFacing ? mix(0.62, 0.95, edge) : 0.62;
    }
    painted = vec4(shown(out_colour), alpha);
}
"""
)

GROUND_VERTEX = """
#version 330
uniform mat4 camera;
in vec3 place;
out vec3 at;
void main() {
    at = place;
    gl_Position = camera * vec4(place, 1.0);
    gl_Position.z += 1e-5 * gl_Position.w;  // behind the shaded pieces, which are drawn before
}
"""

# a rectangle of the ground into which a body's shadow falls; where none falls it looks like the rest of the ground
SHADED_VERTEX = """
#version 330
uniform mat4 camera;
uniform vec3 middle;
uniform vec4 axes;
in vec2 corner;
out vec3 at;
void main() {
    at = middle + vec3(dot(axes.xy, corner), dot(axes.zw, corner), 0.0);
    gl_Position = camera * vec4(at, 1.0);
}
"""

_GROUND_MAIN = """
void main() {
    float far = smoothstep(fade.x, fade.y, length(at.xy - centre));
    vec3 colour = mix(ground_low, ground_high, texture(pattern, at.xy * repeat).r);
    vec3 light_here = light_colour * light.z * SUN + fill_colour * fill.z + sky;
    vec3 back = mix(back_high, back_low, gl_FragCoord.y / frame_height);
    painted = vec4(shown(mix(colour * light_here, back, far)), 1.0);
}
"""

_GROUND_HEAD = (
    """
#version 330
uniform sampler2D pattern;
uniform float repeat, frame_height;
uniform vec2 centre, fade;
in vec3 at;
out vec4 painted;
"""
    + LIGHT
)

GROUND = _GROUND_HEAD + _GROUND_MAIN.replace("SUN", "1.0")

SHADED = (
    _GROUND_HEAD
    + """
float lit(vec3 at) {
    vec3 p = to_map(at);
    vec2 texel = SPREAD / vec2(textureSize(shadow, 0));
    float sum = 0.0;
    for (int i = -1; i <= 1; i++)
        for (int j = -1; j <= 1; j++)
            sum += texture(shadow, vec3(p.xy + vec2(i, j) * texel, p.z));
    return sum / 9.0;
}
"""
    + _GROUND_MAIN.replace("SUN", "lit(at)")
)

BACKDROP_VERTEX = """
#version 330
in vec2 corner;
void main() { gl_Position = vec4(corner, 0.99999, 1.0); }
"""

BACKDROP = (
    """
#version 330
uniform float frame_height;
out vec4 painted;
"""
    + LIGHT
    + """
void main() { painted = vec4(shown(mix(back_high, back_low, gl_FragCoord.y / frame_height)), 1.0); }
"""
)

BLOB_VERTEX = """
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

BLOB = """
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

FLAT_VERTEX = """
#version 330
uniform mat4 camera, model;
in vec3 place;
void main() { gl_Position = camera * model * vec4(place, 1.0); }
"""

FLAT = """
#version 330
uniform float number;
out vec4 painted;
void main() { painted = vec4(number, 0.0, 0.0, 1.0); }
"""

SOURCES = {
    "body": (BODY_VERTEX, BODY),
    "ground": (GROUND_VERTEX, GROUND),
    "shaded": (SHADED_VERTEX, SHADED),
    "backdrop": (BACKDROP_VERTEX, BACKDROP),
    "blob": (BLOB_VERTEX, BLOB),
    "flat": (FLAT_VERTEX, FLAT),
}
"""Vertex and fragment shader by what they draw."""


def filled(source: str) -> str:
    """A source with its constants put in. SPREAD: texels between the places at which a shadow is looked up."""
    return source.replace("SPREAD", "1.6").replace("REACH", f"{BLOB_REACH:.1f}").strip()
