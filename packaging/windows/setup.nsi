; The installer of Windows: for one user, without administrator's rights. packaging/installer.py defines what is in
; capitals and compiles it, on Windows or on Linux.
!ifdef TARGET
  Target "${TARGET}"
!endif
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "Software\${NAME}" "Folder"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME}"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "LegalCopyright" "${PUBLISHER}"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${NAME}.exe"
!define WINDOWS "Software\Microsoft\Windows\CurrentVersion"
!define UNINSTALL "${WINDOWS}\Uninstall\${NAME}"
!define PATHS "${WINDOWS}\App Paths"
!define OWN "Software\${NAME}"
!define CLASSES "Software\Classes"
!define PROGID "OpenLinesViewer.Answer"
!define PROGRAM "Applications\${NAME}.exe"
; What is installed is unpacked into the first folder; what was there before waits in the second to be removed, or to be
; put back.
!define NEW "$INSTDIR\_internal.new"
!define OLD "$INSTDIR\_internal.old"

!define MUI_PAGE_CUSTOMFUNCTION_PRE LeaveFolder
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Russian"

LangString RUNS ${LANG_ENGLISH} "Still running: $Running.$\r$\n$\r$\nClose it and try again. So far nothing has been changed."
LangString RUNS ${LANG_RUSSIAN} "Ещё работает: $Running.$\r$\n$\r$\nЗакройте программу и повторите попытку. Пока ничего не изменено."
LangString HELD ${LANG_ENGLISH} "The files in this folder cannot be replaced: another program uses one of them, or you may not write here.$\r$\n$INSTDIR$\r$\n$\r$\nClose what may be using them and try again. So far nothing has been changed."
LangString HELD ${LANG_RUSSIAN} "Не удаётся заменить файлы в этой папке: какой-то из них занят другой программой или сюда нельзя записывать.$\r$\n$INSTDIR$\r$\n$\r$\nЗакройте программы, которые могут их использовать, и повторите попытку. Пока ничего не изменено."
LangString TWICE ${LANG_ENGLISH} "The set-up of ${NAME} is already open."
LangString TWICE ${LANG_RUSSIAN} "Установка ${NAME} уже открыта."
LangString UNCHANGED ${LANG_ENGLISH} "Nothing has been changed."
LangString UNCHANGED ${LANG_RUSSIAN} "Ничего не изменено."
LangString ANSWER ${LANG_ENGLISH} "Saved answer of Bitrix24"
LangString ANSWER ${LANG_RUSSIAN} "Сохранённый ответ Битрикс24"
LangString SUMMARY ${LANG_ENGLISH} "${SUMMARY_EN}"
LangString SUMMARY ${LANG_RUSSIAN} "${SUMMARY_RU}"

; A file that cannot be written ends the installation: skipped, it would be missing.
AllowSkipFiles off

Var Running ; the programs that run, or nothing
Var Failed ; whether a part could not be moved

; A program that runs holds its own file against writing.
!macro LOOK_AT PROGRAM_FILE
  ${If} ${FileExists} "$INSTDIR\${PROGRAM_FILE}"
    ClearErrors
    FileOpen $0 "$INSTDIR\${PROGRAM_FILE}" a
    ${If} ${Errors}
      ${If} $Running != ""
        StrCpy $Running "$Running, "
      ${EndIf}
      StrCpy $Running "$Running${PROGRAM_FILE}"
    ${Else}
      FileClose $0
    ${EndIf}
  ${EndIf}
!macroend

!macro MOVE FROM TO PART
  ${If} ${FileExists} "${FROM}\${PART}"
    ClearErrors
    Rename "${FROM}\${PART}" "${TO}\${PART}"
    ${If} ${Errors}
      StrCpy $Failed 1
    ${EndIf}
  ${EndIf}
!macroend

; The programs first: once they are away none can be started. A folder with an open file cannot be moved on Windows.
!macro MOVE_ALL FROM TO
  StrCpy $Failed 0
  !insertmacro MOVE "${FROM}" "${TO}" "${NAME}.exe"
  !insertmacro MOVE "${FROM}" "${TO}" "${COMMAND}.exe"
  !insertmacro MOVE "${FROM}" "${TO}" "_internal"
!macroend

!macro FUNCTIONS UN
  ; Ends with code 2, which a silent run shows to who called it.
  Function ${UN}GiveUp
    SetOutPath "$TEMP"
    RMDir /r "${NEW}"
    RMDir "${OLD}"
    RMDir "$INSTDIR"
    SetErrorLevel 2
    Abort "$(UNCHANGED)"
  FunctionEnd

  ; Comes back when neither program runs.
  Function ${UN}WaitForPrograms
    ${Do}
      StrCpy $Running ""
      !insertmacro LOOK_AT "${NAME}.exe"
      !insertmacro LOOK_AT "${COMMAND}.exe"
      ${If} $Running == ""
        Return
      ${EndIf}
    ${LoopUntil} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNS)" /SD IDCANCEL IDCANCEL`
    Call ${UN}GiveUp
  FunctionEnd

  ; Moves what is installed aside: all of it, or nothing.
  Function ${UN}MoveAside
    RMDir /r "${OLD}" ; of an earlier time, where something could not be removed
    ${Do}
      CreateDirectory "${OLD}"
      !insertmacro MOVE_ALL "$INSTDIR" "${OLD}"
      ${If} $Failed = 0
        Return
      ${EndIf}
      !insertmacro MOVE_ALL "${OLD}" "$INSTDIR"
    ${LoopUntil} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(HELD)" /SD IDCANCEL IDCANCEL`
    Call ${UN}GiveUp
  FunctionEnd
!macroend
!insertmacro FUNCTIONS ""
!insertmacro FUNCTIONS "un."

Function .onInit
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "${PROGID}.Setup") p .r0 ?e'
  Pop $0
  ${If} $0 = 183 ; it exists already
    MessageBox MB_OK|MB_ICONEXCLAMATION "$(TWICE)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
FunctionEnd

; The folder could not be written whole: its disk is full, say.
Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "${NEW}"
  RMDir "$INSTDIR"
FunctionEnd

; A newer version goes where the one before is: two of them would share one entry in the list of programs.
Function LeaveFolder
  ${If} ${FileExists} "$INSTDIR\${NAME}.exe"
    Abort
  ${EndIf}
FunctionEnd

Section "Install"
  Call WaitForPrograms
  RMDir /r "${NEW}"
  SetOutPath "${NEW}"
  File /r "${PAYLOAD}"
  SetOutPath "$INSTDIR"
  Call WaitForPrograms ; one may have been started meanwhile
  Call MoveAside
  !insertmacro MOVE_ALL "${NEW}" "$INSTDIR"
  ${If} $Failed <> 0
    !insertmacro MOVE_ALL "$INSTDIR" "${NEW}"
    !insertmacro MOVE_ALL "${OLD}" "$INSTDIR"
    Call GiveUp
  ${EndIf}
  RMDir /r "${NEW}"
  RMDir /r "${OLD}"
  WriteUninstaller "$INSTDIR\Uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${NAME}.exe"
  WriteRegStr HKCU "${OWN}" "Folder" "$INSTDIR"

  WriteRegStr HKCU "${CLASSES}\${SCHEME}" "" "URL:${NAME}"
  WriteRegStr HKCU "${CLASSES}\${SCHEME}" "URL Protocol" ""
  WriteRegStr HKCU "${CLASSES}\${SCHEME}\DefaultIcon" "" "$INSTDIR\${NAME}.exe,0"
  WriteRegStr HKCU "${CLASSES}\${SCHEME}\shell\open\command" "" '"$INSTDIR\${NAME}.exe" open "%1"'
  ; Saved answers: the program joins "Open with" of .json files, and opens them by a double click where no program does
  ; yet; it takes none away from another one. Windows knows a file by the end of its name alone, so *.olv.json cannot be
  ; a kind of its own.
  ReadRegStr $0 HKCU "${CLASSES}\.json" ""
  ReadRegStr $1 HKCR ".json" "" ; which holds the user's too, except in Wine
  ${If} "$0$1" == ""
    WriteRegStr HKCU "${CLASSES}\.json" "" "${PROGID}"
  ${EndIf}
  WriteRegStr HKCU "${CLASSES}\${PROGID}" "" "$(ANSWER)"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\DefaultIcon" "" "$INSTDIR\${NAME}.exe,0"
  WriteRegStr HKCU "${CLASSES}\${PROGID}\shell\open\command" "" '"$INSTDIR\${NAME}.exe" open "%1"'
  WriteRegStr HKCU "${CLASSES}\.json\OpenWithProgids" "${PROGID}" ""
  WriteRegStr HKCU "${CLASSES}\${PROGRAM}" "FriendlyAppName" "${NAME}"
  WriteRegStr HKCU "${CLASSES}\${PROGRAM}\shell\open\command" "" '"$INSTDIR\${NAME}.exe" open "%1"'
  WriteRegStr HKCU "${CLASSES}\${PROGRAM}\SupportedTypes" ".json" ""
  ; The list of default programs in the settings of Windows.
  WriteRegStr HKCU "${OWN}\Capabilities" "ApplicationName" "${NAME}"
  WriteRegStr HKCU "${OWN}\Capabilities" "ApplicationDescription" "$(SUMMARY)"
  WriteRegStr HKCU "${OWN}\Capabilities" "ApplicationIcon" "$INSTDIR\${NAME}.exe,0"
  WriteRegStr HKCU "${OWN}\Capabilities\FileAssociations" ".json" "${PROGID}"
  WriteRegStr HKCU "${OWN}\Capabilities\URLAssociations" "${SCHEME}" "${SCHEME}"
  WriteRegStr HKCU "Software\RegisteredApplications" "${NAME}" "${OWN}\Capabilities"
  ; Typed into "Run", either program is found without its folder.
  WriteRegStr HKCU "${PATHS}\${NAME}.exe" "" "$INSTDIR\${NAME}.exe"
  WriteRegStr HKCU "${PATHS}\${COMMAND}.exe" "" "$INSTDIR\${COMMAND}.exe"

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\${NAME}.exe,0"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\Uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\Uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0
  System::Call 'shell32::SHChangeNotify(i 0x8000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  SetOutPath "$TEMP" ; a folder that a program stands in cannot be removed
  Call un.WaitForPrograms
  Call un.MoveAside
  ; Only what was installed: a folder that the user chose may hold files of his own.
  RMDir /r "${OLD}"
  RMDir /r "${NEW}"
  Delete "$INSTDIR\Uninstall.exe"
  RMDir "$INSTDIR"
  ; Installed a second time into another folder, the entries are the other's.
  ReadRegStr $0 HKCU "${OWN}" "Folder"
  ${If} $0 == "$INSTDIR"
    Delete "$SMPROGRAMS\${NAME}.lnk"
    DeleteRegKey HKCU "${CLASSES}\${SCHEME}"
    DeleteRegKey HKCU "${CLASSES}\${PROGID}"
    DeleteRegValue HKCU "${CLASSES}\.json\OpenWithProgids" "${PROGID}"
    ReadRegStr $0 HKCU "${CLASSES}\.json" ""
    ${If} $0 == "${PROGID}"
      DeleteRegValue HKCU "${CLASSES}\.json" ""
    ${EndIf}
    DeleteRegKey HKCU "${CLASSES}\${PROGRAM}"
    DeleteRegValue HKCU "Software\RegisteredApplications" "${NAME}"
    DeleteRegKey HKCU "${PATHS}\${NAME}.exe"
    DeleteRegKey HKCU "${PATHS}\${COMMAND}.exe"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "${OWN}"
    System::Call 'shell32::SHChangeNotify(i 0x8000000, i 0, p 0, p 0)'
  ${EndIf}
SectionEnd
