@echo off
rem Windows trusted sites (.reg) for Contoso
rem Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
rem Catalog: worldwide 2026080200 (recorded)
rem All 1 requirements are in it.
rem Update (Command Prompt of the user; of an administrator for scope=machine, and for policies):
rem   reg import trusted-sites.reg
rem   trusted-sites-left.cmd
exit /b 0
