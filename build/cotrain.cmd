@echo off
rem The command `cotrain` of a packed app: its command line, on the Node that came with it.
"%~dp0node\node.exe" --enable-source-maps "%~dp0app.asar.unpacked\out\main\cli.js" %*
