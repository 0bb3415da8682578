/* Queries of Windows libraries, for tests with Wine.
 *
 *   zones.exe zone LIST          LIST: a file with one URL per line; prints "ZONE URL" for each
 *                                (0 local machine, 1 intranet, 2 trusted, 3 internet, 4 restricted)
 *   zones.exe pac SCRIPT LIST    LIST: one "URL HOST" per line; prints the answer of SCRIPT for each
 *
 * Exit code 0 on success, 1 if a library returns an error (its number is on stderr), 2 for invalid usage.
 * Built by tests/consumers/wine.py. File names are ASCII, so gcc -municode is not needed.
 */
#define COBJMACROS
#include <windows.h>
#include <urlmon.h>
#include <stdio.h>
#include <string.h>

/* jsproxy.dll has no import library: wininet.h does not define these two types. */
typedef BOOL(WINAPI *initialize_t)(DWORD version, LPSTR file, LPSTR mime, void *callbacks, void *script);
typedef BOOL(WINAPI *proxy_info_t)(LPCSTR url, DWORD url_length, LPCSTR host, DWORD host_length, LPSTR *proxy,
                                   LPDWORD proxy_length);

#define LONGEST 4096

static int refuse(const char *what, unsigned long code)
{
    fprintf(stderr, "%s: error %lu\n", what, code);
    return 1;
}

static int next_line(FILE *list, char *line)
{
    if (!fgets(line, LONGEST, list))
        return 0;
    line[strcspn(line, "\r\n")] = 0;
    return 1;
}

static int zones(FILE *list)
{
    IInternetSecurityManager *manager;
    char url[LONGEST];
    HRESULT result = CoInternetCreateSecurityManager(NULL, &manager, 0);

    if (FAILED(result))
        return refuse("CoInternetCreateSecurityManager", (unsigned long)result);
    while (next_line(list, url)) {
        WCHAR wide[LONGEST];
        DWORD zone = 0;

        MultiByteToWideChar(CP_UTF8, 0, url, -1, wide, LONGEST);
        result = IInternetSecurityManager_MapUrlToZone(manager, wide, &zone, 0);
        if (FAILED(result))
            return refuse(url, (unsigned long)result);
        printf("%lu %s\n", (unsigned long)zone, url);
    }
    IInternetSecurityManager_Release(manager);
    return 0;
}

static int pac(char *script, FILE *list)
{
    HMODULE library = LoadLibraryA("jsproxy.dll");
    initialize_t initialize = (initialize_t)(void *)GetProcAddress(library, "InternetInitializeAutoProxyDll");
    proxy_info_t proxy_info = (proxy_info_t)(void *)GetProcAddress(library, "InternetGetProxyInfo");
    char line[LONGEST];

    if (!initialize || !proxy_info)
        return refuse("jsproxy.dll", GetLastError());
    if (!initialize(0, script, NULL, NULL, NULL))
        return refuse("InternetInitializeAutoProxyDll", GetLastError());
    while (next_line(list, line)) {
        char *host = strchr(line, ' ');
        char *proxy = NULL;
        DWORD length = 0;

        if (!host)
            return 2;
        *host++ = 0;
        if (!proxy_info(line, (DWORD)strlen(line), host, (DWORD)strlen(host), &proxy, &length))
            return refuse(line, GetLastError());
        printf("%.*s\n", (int)length, proxy ? proxy : "");
        GlobalFree(proxy);
    }
    return 0;
}

int main(int count, char **words)
{
    FILE *list = count > 2 ? fopen(words[count - 1], "r") : NULL;
    int code = 2;

    CoInitialize(NULL);
    if (list && count == 3 && !strcmp(words[1], "zone"))
        code = zones(list);
    else if (list && count == 4 && !strcmp(words[1], "pac"))
        code = pac(words[2], list);
    else
        fprintf(stderr, "usage: zones zone LIST | zones pac SCRIPT LIST\n");
    CoUninitialize();
    return code;
}
