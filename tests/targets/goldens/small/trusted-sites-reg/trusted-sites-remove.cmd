@echo off
rem Windows trusted sites (.reg) for Contoso
rem Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
rem Catalog: worldwide 2026080200 (recorded)
rem All 1 requirements are in it.
rem Remove (Command Prompt of the user; of an administrator for scope=machine, and for policies):
rem   trusted-sites-remove.cmd
reg delete "HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings\ZoneMap\Domains\assets-yammer.com" /v "https" /f >nul 2>&1
reg delete "HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings\ZoneMap\Domains\yammer.com" /v "https" /f >nul 2>&1
reg delete "HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings\ZoneMap\Domains\yammerusercontent.com" /v "https" /f >nul 2>&1
exit /b 0
