"""Texts that somebody may put into a matcher to get out of it, or to bring it down."""

from __future__ import annotations

HOSTILE = (
    *("().__class__.__bases__[0]", "__import__('os')", "lambda: 1", "f'{r_sub}'"),
    *("[x for x in r_sub]", "{x for x in r_sub}", "{1: x for x in r_sub}", "(x := 1)"),
    *("r_sub.__class__", "r_sub.format", "r_sub.func_code", "r_sub.mro", "r_sub._x"),
    *("eval('1')", "exec('1')", "open('x')", "print(1)", "list(r_sub)", "x", "g"),
    *("g(*r_sub)", "g(r_sub, **r_obj)", "g(r_sub, name=1)", "r_sub.upper()", "(g)(1)"),
    *("...", "b'x'", "1j", "yield", "await r_sub", "import os", "r_sub = 1", "pass"),
    *("r_sub; p_sub", "(", ")", "'", '"""x"""', "not " * 99 + "1", "(" * 80 + ")" * 80),
    *("-" * 300 + "1", "'\ud800'", "\x00", "*r_sub", "r_sub[0:1]", "`", "#", "", " "),
    *("9**9**9**9", "'a' * 10**9", "1 << 9", "~1", "+1", "1 @ 1", "r_sub is None"),
    *("{**r_sub}", "{r_sub: 1}", "[*r_sub]", "r_sub.a.b", "globals()", "NAMES", "r0"),
    *("checked(1)", "h0", "rows", "f0(1)", "TEST", "value", "length", "__builtins__"),
    # into the interpreter by attributes, formats and frames
    *("().__class__.__mro__[1].__subclasses__()", "r_sub.x.__init__.__globals__"),
    *("'{0.__class__}'.format(r_sub)", "r_sub.format_map(r_obj)", "'%s' % r_sub"),
    *("r_sub.gi_frame.f_globals", "r_sub.tb_frame", "r_sub.f_back", "keyMatch.x"),
    *("getattr(r_sub, 'x')", "type(r_sub)", "vars()", "str.format", "g(g)", "g(1)(2)"),
    *("[].append(1)", "{}.get('a')", "(r_sub,)[0].x", "None.x", "'a'.b", "r_sub[g]"),
    "r_sub" + ".a" * 70,
    "r_sub" + "[0]" * 70,
    "r_sub.a" * 3,
    # statements, and expressions of other sorts
    *("assert 1", "del r_sub", "global x", "return 1", "raise r_sub", "with r_sub: 1"),
    *("r_sub: int", "async", "match", "r_sub == 1; import os", "while 1: 1", "@g"),
    *("0 if 0 else [y for y in (1,)]", "r_sub if (lambda: 1)() else 2", "(yield)"),
    *("{x: 1 for x in r_sub}", "(x for x in r_sub)", "r_sub is not p_sub", "1 if 1"),
    # texts of other sorts
    *(
        'f"{r_sub.__class__}"',
        "rf''",
        "u'x'",
        "r'\\'",
        "'a' 'b'",
        "'\\x00'",
        "'\\N{DASH}'",
    ),
    *("r_sub # more", "\\\n1", "\n", "\t1", "$", "é", "1_000 ** 1000", "0x_", "1e999"),
    *("{**r_sub, 'a': 1}", "{1: 2, **p_sub}", "g(*r_sub, **p_sub)", "g(r_sub,)"),
    "(" * 199 + "1" + ")" * 199,
    "[" * 59 + "]" * 59,
    "r_sub == " * 300 + "1",
    "r_sub && " * 300 + "1",
    "not " * 59 + "1",
)
