"""What MiniStack is laxer in than AWS, made as strict: one module a subject, each with `install()`.

They change MiniStack's own modules in its process (`python -m localaws.strict`), and write what was refused, and by
which grant what was allowed, to a journal that tests read.
"""
