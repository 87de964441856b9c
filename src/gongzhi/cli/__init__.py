"""The command `gongzhi`: one module per command, each with `configure(parser)` and `run(options) -> int`, or
`main(arguments) -> int` when it parses them itself.

Commands parse, call one action, print. A new command is a line in `main.COMMANDS`; its module is imported only when
it is asked for, so that `gongzhi up` stays small.
"""
