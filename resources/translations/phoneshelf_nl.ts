<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="nl" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>starting</source>
        <translation>start</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>gereed</translation>
    </message>
    <message>
        <source>unplugged</source>
        <translation>losgekoppeld</translation>
    </message>
    <message>
        <source>not authorised</source>
        <translation>niet toegestaan</translation>
    </message>
    <message>
        <source>not answering</source>
        <translation>antwoordt niet</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>vergrendeld</translation>
    </message>
    <message>
        <source>no WhatsApp</source>
        <translation>geen WhatsApp</translation>
    </message>
    <message>
        <source>needs a person</source>
        <translation>heeft iemand nodig</translation>
    </message>
    <message>
        <source>not prepared</source>
        <translation>niet voorbereid</translation>
    </message>
    <message>
        <source>no Appium</source>
        <translation>geen Appium</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>alleen lezen</translation>
    </message>
    <message>
        <source>in somebody&apos;s hand</source>
        <translation>in iemands hand</translation>
    </message>
    <message>
        <source>restricted</source>
        <translation>beperkt</translation>
    </message>
    <message>
        <source>not driven</source>
        <translation>niet bediend</translation>
    </message>
    <message>
        <source>Wait a moment: the phone is being made ready.</source>
        <translation>Een ogenblik: de telefoon wordt klaargemaakt.</translation>
    </message>
    <message>
        <source>Check the cable or the network of the phone; work goes on by itself.</source>
        <translation>Controleer de kabel of het netwerk van de telefoon; daarna gaat het vanzelf verder.</translation>
    </message>
    <message>
        <source>Look at the phone and accept “Allow USB debugging”.</source>
        <translation>Kijk op de telefoon en sta ‘USB-foutopsporing’ toe.</translation>
    </message>
    <message>
        <source>The program restarts its connection; if this stays, restart the phone.</source>
        <translation>De verbinding wordt opnieuw opgebouwd; blijft dit zo, start dan de telefoon opnieuw.</translation>
    </message>
    <message>
        <source>Unlock the phone and set its screen lock to none or swipe.</source>
        <translation>Ontgrendel de telefoon en zet de schermvergrendeling op geen of vegen.</translation>
    </message>
    <message>
        <source>Install and set up WhatsApp Business on the phone.</source>
        <translation>Installeer WhatsApp Business op de telefoon en stel het in.</translation>
    </message>
    <message>
        <source>Look at the phone: a screen waits there that a person must answer.</source>
        <translation>Kijk op de telefoon: daar wacht een scherm dat iemand moet beantwoorden.</translation>
    </message>
    <message>
        <source>Somebody uses the phone by hand; work goes on a minute after they are done.</source>
        <translation>Iemand gebruikt de telefoon met de hand; een minuut nadat die klaar is gaat het werk verder.</translation>
    </message>
    <message>
        <source>Files for the phone are missing on this PC: start Phoneshelf once by run.py while online, or install it anew.</source>
        <translation>Op deze pc ontbreken bestanden voor de telefoon: start Phoneshelf één keer met run.py terwijl er internet is, of installeer het opnieuw.</translation>
    </message>
    <message>
        <source>Start the Appium server that the settings name, and see that it has UiAutomator2, adb and this phone.</source>
        <translation>Start de Appium-server uit de instellingen, en kijk of die UiAutomator2, adb en deze telefoon heeft.</translation>
    </message>
    <message>
        <source>WhatsApp restricts this account: read the notice on the phone. Nothing is sent.</source>
        <translation>WhatsApp beperkt dit account: lees de melding op de telefoon. Er wordt niets verzonden.</translation>
    </message>
    <message>
        <source>Nobody drives this phone: start “phoneshelf bridge” on the PC beside it.</source>
        <translation>Niemand bedient deze telefoon: start ‘phoneshelf bridge’ op de pc ernaast.</translation>
    </message>
    <message>
        <source>The phone was away. Check its cable, then send again.</source>
        <translation>De telefoon was weg. Controleer de kabel en verzend opnieuw.</translation>
    </message>
    <message>
        <source>The phone was locked. Unlock it, then send again.</source>
        <translation>De telefoon was vergrendeld. Ontgrendel hem en verzend opnieuw.</translation>
    </message>
    <message>
        <source>The phone showed a screen that is not known. Look at the phone.</source>
        <translation>De telefoon toonde een onbekend scherm. Kijk op de telefoon.</translation>
    </message>
    <message>
        <source>Another chat was open on the phone, so nothing was typed. Send again.</source>
        <translation>Op de telefoon stond een ander gesprek open, dus er is niets getypt. Verzend opnieuw.</translation>
    </message>
    <message>
        <source>The chat was not found on the phone. Look whether it is still there.</source>
        <translation>Het gesprek is niet gevonden op de telefoon. Kijk of het er nog is.</translation>
    </message>
    <message>
        <source>Several chats have this name. Give the contact a name of its own on the phone.</source>
        <translation>Meerdere gesprekken heten zo. Geef het contact op de telefoon een eigen naam.</translation>
    </message>
    <message>
        <source>This number is not on WhatsApp. Reach the customer in another way.</source>
        <translation>Dit nummer heeft geen WhatsApp. Bereik de klant op een andere manier.</translation>
    </message>
    <message>
        <source>Nobody can write in this chat (left, blocked, or announcements only).</source>
        <translation>In dit gesprek kan niemand schrijven (verlaten, geblokkeerd of alleen mededelingen).</translation>
    </message>
    <message>
        <source>The phone did not take the text over exactly. Shorten or change it.</source>
        <translation>De telefoon nam de tekst niet precies over. Maak hem korter of anders.</translation>
    </message>
    <message>
        <source>Somebody was typing on the phone itself. Send again when they are done.</source>
        <translation>Iemand typte op de telefoon zelf. Verzend opnieuw als die klaar is.</translation>
    </message>
    <message>
        <source>Send was pressed, but the phone did not show the message afterwards.</source>
        <translation>Er is op verzenden gedrukt, maar de telefoon liet het bericht daarna niet zien.</translation>
    </message>
    <message>
        <source>The program stopped while it was sending.</source>
        <translation>Het programma stopte tijdens het verzenden.</translation>
    </message>
    <message>
        <source>WhatsApp restricts this account. Read the notice on the phone.</source>
        <translation>WhatsApp beperkt dit account. Lees de melding op de telefoon.</translation>
    </message>
    <message>
        <source>A colleague looked at the phone and said so.</source>
        <translation>Een collega heeft op de telefoon gekeken en zei dit.</translation>
    </message>
    <message>
        <source>This customer has not written yet. Record a consent first (phoneshelf consent add).</source>
        <translation>Deze klant schreef nog niet. Leg eerst toestemming vast (phoneshelf consent add).</translation>
    </message>
    <message>
        <source>The last messages to this customer are not answered yet. Wait, or ask a lead.</source>
        <translation>De laatste berichten aan deze klant zijn nog niet beantwoord. Wacht, of vraag een teamleider.</translation>
    </message>
    <message>
        <source>This number keeps quiet hours; the reply goes when they end.</source>
        <translation>Dit nummer heeft stille uren; het antwoord gaat als ze voorbij zijn.</translation>
    </message>
    <message>
        <source>This number sent its most for one hour; the reply goes when there is room.</source>
        <translation>Dit nummer verzond het meeste voor één uur; het antwoord gaat als er ruimte is.</translation>
    </message>
    <message>
        <source>One phone has one typist; the reply goes in its turn.</source>
        <translation>Eén telefoon heeft één typist; het antwoord gaat op zijn beurt.</translation>
    </message>
    <message>
        <source>It can still be taken back.</source>
        <translation>Het kan nog worden teruggenomen.</translation>
    </message>
    <message>
        <source>Earlier replies go first.</source>
        <translation>Eerdere antwoorden gaan voor.</translation>
    </message>
    <message>
        <source>A file goes only to a chat with one customer whose number is known.</source>
        <translation>Een bestand gaat alleen naar een chat met één klant van wie het nummer bekend is.</translation>
    </message>
    <message>
        <source>Somebody sent these very words from the phone itself, so they were not sent again.</source>
        <translation>Iemand verzond precies deze woorden op de telefoon zelf, dus ze zijn niet nog eens verzonden.</translation>
    </message>
    <message>
        <source>The message to quote was not found on the phone, or stands too far up.</source>
        <translation>Het bericht om te citeren is op de telefoon niet gevonden, of staat te ver terug.</translation>
    </message>
    <message>
        <source>Several messages look like the one to quote, so none was quoted.</source>
        <translation>Meer berichten lijken op het bericht om te citeren, dus is er geen geciteerd.</translation>
    </message>
    <message>
        <source>WhatsApp did not quote that message. Send the reply without a quote, or by hand.</source>
        <translation>WhatsApp citeerde dat bericht niet. Stuur het antwoord zonder citaat, of met de hand.</translation>
    </message>
    <message>
        <source>It was sent, but the phone shows it without the quote.</source>
        <translation>Het is verzonden, maar de telefoon toont het zonder het citaat.</translation>
    </message>
    <message>
        <source>The stored copy of this file is gone or damaged. Attach the file again.</source>
        <translation>De bewaarde kopie van dit bestand is weg of beschadigd. Voeg het bestand opnieuw toe.</translation>
    </message>
    <message>
        <source>The phone did not take the file. Look whether it has room left.</source>
        <translation>De telefoon nam het bestand niet aan. Kijk of er nog ruimte is.</translation>
    </message>
    <message>
        <source>WhatsApp did not take the file for this chat; nothing was sent. Send it by hand.</source>
        <translation>WhatsApp nam het bestand voor deze chat niet aan; er is niets verzonden. Verstuur het met de hand.</translation>
    </message>
    <message>
        <source>The app on the phone looks otherwise than is known, so nothing is typed there now.</source>
        <translation>De app op de telefoon ziet er anders uit dan bekend is; er wordt nu niets getypt.</translation>
    </message>
    <message>
        <source>Waits until %1.</source>
        <translation>Wacht tot %1.</translation>
    </message>
    <message>
        <source>This text cannot be sent.</source>
        <translation>Deze tekst kan niet worden verzonden.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Ongedaan maken</translation>
    </message>
    <message>
        <source>Somebody is typing on the phone itself.</source>
        <translation>Er wordt op de telefoon zelf getypt.</translation>
    </message>
    <message>
        <source>Waits for the phone</source>
        <translation>Wacht op de telefoon</translation>
    </message>
    <message>
        <source>The app on this phone looks otherwise than this program knows: nothing is typed, replies wait. Look whether something lies over it; if not, have the one who looks after the program see to it.</source>
        <translation>De app op deze telefoon ziet er anders uit dan dit programma kent: er wordt niets getypt, antwoorden wachten. Kijk of er iets overheen ligt; zo niet, laat dan wie het programma beheert ernaar kijken.</translation>
    </message>
    <message>
        <source>The phone opens the chat</source>
        <translation>De telefoon opent het gesprek</translation>
    </message>
    <message>
        <source>The phone is typing</source>
        <translation>De telefoon typt</translation>
    </message>
    <message>
        <source>Sent, waiting to see it on the phone</source>
        <translation>Verzonden, nog te zien op de telefoon</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Verzonden</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Afgeleverd</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Gelezen</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Niet verzonden</translation>
    </message>
    <message>
        <source>Not known whether it was sent</source>
        <translation>Niet bekend of het is verzonden</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Teruggenomen</translation>
    </message>
    <message>
        <source>on its way</source>
        <translation>onderweg</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>verzonden</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>afgeleverd</translation>
    </message>
    <message>
        <source>read</source>
        <translation>gelezen</translation>
    </message>
    <message>
        <source>state not known</source>
        <translation>stand onbekend</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>Voice message</source>
        <translation>Spraakbericht</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Document</translation>
    </message>
    <message>
        <source>Sticker</source>
        <translation>Sticker</translation>
    </message>
    <message>
        <source>Location</source>
        <translation>Locatie</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>Poll</source>
        <translation>Peiling</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Oproep</translation>
    </message>
    <message>
        <source>Photo or video to be seen once</source>
        <translation>Foto of video die één keer te zien is</translation>
    </message>
    <message>
        <source>This message was deleted</source>
        <translation>Dit bericht is verwijderd</translation>
    </message>
    <message>
        <source>A kind of message that is not known here; look at the phone</source>
        <translation>Een soort bericht dat hier niet bekend is; kijk op de telefoon</translation>
    </message>
    <message>
        <source>We</source>
        <translation>Wij</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Klant</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bewerkt</translation>
    </message>
    <message>
        <source>no longer on the phone</source>
        <translation>niet meer op de telefoon</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gisteren</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Vandaag</translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n ongelezen</numerusform>
            <numerusform>%n ongelezen</numerusform>
        </translation>
    </message>
    <message>
        <source>waits for an answer</source>
        <translation>wacht op antwoord</translation>
    </message>
    <message>
        <source>a reply was not sent</source>
        <translation>een antwoord is niet verzonden</translation>
    </message>
    <message>
        <source>it is not known whether a reply was sent</source>
        <translation>van een antwoord is niet bekend of het is verzonden</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>concept</translation>
    </message>
    <message>
        <source>on %1</source>
        <translation>op %1</translation>
    </message>
    <message>
        <source>Phoneshelf cannot start</source>
        <translation>Phoneshelf kan niet starten</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter starts a line</source>
        <translation>Enter verzendt, Shift+Enter begint een regel</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends</source>
        <translation>Ctrl+Enter verzendt</translation>
    </message>
    <message>
        <source>Write a reply</source>
        <translation>Schrijf een antwoord</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Verzenden</translation>
    </message>
    <message>
        <source>To %1 via %2</source>
        <translation>Aan %1 via %2</translation>
    </message>
    <message>
        <source>Send to %1</source>
        <translation>Verzenden aan %1</translation>
    </message>
    <message>
        <source>Messages are missing here: they were not seen on the phone</source>
        <translation>Hier ontbreken berichten: ze zijn op de telefoon niet gezien</translation>
    </message>
    <message>
        <source>The phone holds more here; it is read when the chat is opened on the phone</source>
        <translation>De telefoon heeft hier meer; dat wordt gelezen als het gesprek op de telefoon wordt geopend</translation>
    </message>
    <message>
        <source>The conversation begins here</source>
        <translation>Hier begint het gesprek</translation>
    </message>
    <message>
        <source>Older messages are on the phone; they were not read</source>
        <translation>Oudere berichten staan op de telefoon; ze zijn niet gelezen</translation>
    </message>
    <message>
        <source>A notice of the app</source>
        <translation>Een melding van de app</translation>
    </message>
    <message>
        <source>Forwarded</source>
        <translation>Doorgestuurd</translation>
    </message>
    <message>
        <source>To %1: %2</source>
        <translation>Aan %1: %2</translation>
    </message>
    <message>
        <source>Undo (%1 s)</source>
        <translation>Ongedaan maken (%1 s)</translation>
    </message>
    <message>
        <source>You may not answer on this number. Ask an admin of your team.</source>
        <translation>Je mag op dit nummer niet antwoorden. Vraag het een beheerder van je team.</translation>
    </message>
    <message>
        <source>Not queued: the database does not answer. The text stays here; send it again.</source>
        <translation>Niet in de wachtrij: de database antwoordt niet. De tekst blijft hier; verzend hem opnieuw.</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Een ogenblik</translation>
    </message>
    <message>
        <source>The chats are being read.</source>
        <translation>De gesprekken worden gelezen.</translation>
    </message>
    <message>
        <source>Put the first phone on the shelf</source>
        <translation>Zet de eerste telefoon op de plank</translation>
    </message>
    <message>
        <source>Switch on USB debugging on the phone that has WhatsApp Business, connect it by USB, and type these lines in a terminal. This window follows by itself.</source>
        <translation>Zet USB-foutopsporing aan op de telefoon met WhatsApp Business, sluit hem aan via USB en typ deze regels in een terminal. Dit venster volgt vanzelf.</translation>
    </message>
    <message>
        <source>Waiting for the first chats</source>
        <translation>Wachten op de eerste gesprekken</translation>
    </message>
    <message>
        <source>They appear as soon as the phone is ready. Its state and the next step stand at the foot.</source>
        <translation>Ze verschijnen zodra de telefoon klaar is. Onderaan staat hoe het met hem is en wat de volgende stap is.</translation>
    </message>
    <message>
        <source>Choose a chat</source>
        <translation>Kies een gesprek</translation>
    </message>
    <message>
        <source>With a click, or with Alt+Down. Ctrl+K searches.</source>
        <translation>Met een klik, of met Alt+Omlaag. Ctrl+K zoekt.</translation>
    </message>
    <message>
        <source>adb devices   (shows the phone&apos;s serial)</source>
        <translation>adb devices   (toont het serienummer van de telefoon)</translation>
    </message>
    <message>
        <source>This text is too long for one message.</source>
        <translation>Deze tekst is te lang voor één bericht.</translation>
    </message>
    <message>
        <source>Was this reply sent? Look at the phone.</source>
        <translation>Is dit antwoord verzonden? Kijk op de telefoon.</translation>
    </message>
    <message>
        <source>This reply was not sent.</source>
        <translation>Dit antwoord is niet verzonden.</translation>
    </message>
    <message>
        <source>It was sent</source>
        <translation>Wel verzonden</translation>
    </message>
    <message>
        <source>It was not sent</source>
        <translation>Niet verzonden</translation>
    </message>
    <message>
        <source>Put text back</source>
        <translation>Tekst terugzetten</translation>
    </message>
    <message>
        <source>Put aside</source>
        <translation>Opzijleggen</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>en nog %n</numerusform>
            <numerusform>en nog %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Search chats and messages</source>
        <translation>Zoek gesprekken en berichten</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Gesprekken</translation>
    </message>
    <message>
        <source>Messages found</source>
        <translation>Gevonden berichten</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Berichten</translation>
    </message>
    <message>
        <source>No chat has this name or number.</source>
        <translation>Geen gesprek heeft deze naam of dit nummer.</translation>
    </message>
    <message>
        <source>Nobody waits for an answer. Well done.</source>
        <translation>Niemand wacht op antwoord. Goed gedaan.</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lezen…</translation>
    </message>
    <message>
        <source>No chats yet. They appear as soon as a phone is ready.</source>
        <translation>Nog geen gesprekken. Ze verschijnen zodra een telefoon klaar is.</translation>
    </message>
    <message>
        <source>Like the desktop</source>
        <translation>Zoals het bureaublad</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Licht</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Donker</translation>
    </message>
    <message>
        <source>Chats on %1</source>
        <translation>Gesprekken op %1</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Weergaven</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wachtend</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>Team</translation>
    </message>
    <message>
        <source>Work as a team</source>
        <translation>Werken als team</translation>
    </message>
    <message>
        <source>Display</source>
        <translation>Weergave</translation>
    </message>
    <message>
        <source>Colours and language</source>
        <translation>Kleuren en taal</translation>
    </message>
    <message>
        <source>Quoted</source>
        <translation>Aangehaald</translation>
    </message>
    <message>
        <source>No longer shown on the phone</source>
        <translation>Niet meer te zien op de telefoon</translation>
    </message>
    <message>
        <source>The phone shows only the beginning; read the rest there</source>
        <translation>De telefoon toont alleen het begin; lees de rest daar</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groep</translation>
    </message>
    <message>
        <source>via %1</source>
        <translation>via %1</translation>
    </message>
    <message>
        <source>not yet compared with the phone</source>
        <translation>nog niet met de telefoon vergeleken</translation>
    </message>
    <message>
        <source>verified until %1</source>
        <translation>gecontroleerd tot %1</translation>
    </message>
    <message>
        <source>Everything that the phone showed up to then is here.</source>
        <translation>Alles wat de telefoon tot dan toonde, staat hier.</translation>
    </message>
    <message>
        <source>blue ticks given %1</source>
        <translation>blauwe vinkjes gegeven %1</translation>
    </message>
    <message numerus="yes">
        <source>%n in the queue</source>
        <translation>
            <numerusform>%n in de wachtrij</numerusform>
            <numerusform>%n in de wachtrij</numerusform>
        </translation>
    </message>
    <message>
        <source>battery %1 %</source>
        <translation>batterij %1 %</translation>
    </message>
    <message>
        <source>State of the phones</source>
        <translation>Stand van de telefoons</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Nieuwste</translation>
    </message>
    <message>
        <source>Go to the newest message</source>
        <translation>Naar het nieuwste bericht</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>Tekst kopiëren</translation>
    </message>
    <message>
        <source>Work as a team…</source>
        <translation>Werken als team…</translation>
    </message>
    <message>
        <source>Join a team…</source>
        <translation>Bij een team aansluiten…</translation>
    </message>
    <message>
        <source>You are in the team %1 as %2.</source>
        <translation>Je zit in het team %1 als %2.</translation>
    </message>
    <message>
        <source>Invite a colleague…</source>
        <translation>Een collega uitnodigen…</translation>
    </message>
    <message>
        <source>This is no whole invitation. Copy all of it, from “phoneshelf1:” to its end, and paste it once more.</source>
        <translation>Dit is geen hele uitnodiging. Kopieer haar helemaal, van ‘phoneshelf1:’ tot het eind, en plak haar opnieuw.</translation>
    </message>
    <message>
        <source>This invitation is over. Ask your colleague for a new one.</source>
        <translation>Deze uitnodiging is verlopen. Vraag je collega om een nieuwe.</translation>
    </message>
    <message>
        <source>This invitation was used before, or it was withdrawn. Nothing was changed. Ask your colleague for a new one.</source>
        <translation>Deze uitnodiging is al gebruikt of ingetrokken. Er is niets veranderd. Vraag je collega om een nieuwe.</translation>
    </message>
    <message>
        <source>This profile belongs to a team already. For another team, start Phoneshelf with --home FOLDER.</source>
        <translation>Dit profiel hoort al bij een team. Start Phoneshelf voor een ander team met --home MAP.</translation>
    </message>
    <message>
        <source>This database belongs to another team. Nothing was changed. Give another database, or ask for an invitation.</source>
        <translation>Deze database is van een ander team. Er is niets veranderd. Geef een andere database op, of vraag om een uitnodiging.</translation>
    </message>
    <message>
        <source>Another window or bridge of this profile drives phones now, so nothing was moved. Close it and try again.</source>
        <translation>Een ander venster of een andere brug van dit profiel bedient nu telefoons, dus er is niets verplaatst. Sluit het en probeer het opnieuw.</translation>
    </message>
    <message>
        <source>No login can be made of this name. Give one with Latin letters.</source>
        <translation>Van deze naam is geen aanmeldnaam te maken. Geef er een met Latijnse letters.</translation>
    </message>
    <message>
        <source>Somebody of this name is in the team. Add a surname.</source>
        <translation>Er zit al iemand met deze naam in het team. Voeg een achternaam toe.</translation>
    </message>
    <message>
        <source>This is no address. Give the server&apos;s name, or name and port: db.example.lan:5432</source>
        <translation>Dit is geen adres. Geef de naam van de server, of naam en poort: db.example.lan:5432</translation>
    </message>
    <message>
        <source>The certificate file cannot be read. Choose the PEM file of who vouches for the server.</source>
        <translation>Het certificaatbestand is niet te lezen. Kies het PEM-bestand van wie voor de server instaat.</translation>
    </message>
    <message>
        <source>PostgreSQL is not on this PC. Install version 15 or newer (Debian: apt install postgresql) and come back here.</source>
        <translation>PostgreSQL staat niet op deze pc. Installeer versie 15 of nieuwer (Debian: apt install postgresql) en kom hier terug.</translation>
    </message>
    <message>
        <source>PostgreSQL does not run as root. Start Phoneshelf as yourself, or use the command line.</source>
        <translation>PostgreSQL draait niet als root. Start Phoneshelf als jezelf, of gebruik de opdrachtregel.</translation>
    </message>
    <message>
        <source>This PC has no keyring for the password. Start the desktop&apos;s keyring, or allow a file below, and try again.</source>
        <translation>Deze pc heeft geen sleutelbos voor het wachtwoord. Start de sleutelbos van het bureaublad, of sta een bestand toe, en probeer het opnieuw.</translation>
    </message>
    <message>
        <source>The keyring of this PC does not open. Unlock it and try again.</source>
        <translation>De sleutelbos van deze pc gaat niet open. Ontgrendel hem en probeer het opnieuw.</translation>
    </message>
    <message>
        <source>The server cannot be reached. See that the network is there and the server is on.</source>
        <translation>De server is niet te bereiken. Kijk of er netwerk is en of de server aanstaat.</translation>
    </message>
    <message>
        <source>The server does not answer. See that the network is there and the server is on.</source>
        <translation>De server antwoordt niet. Kijk of er netwerk is en of de server aanstaat.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not the one that was expected. Do not go on; tell who looks after the server.</source>
        <translation>Het certificaat van de server is niet het verwachte. Ga niet verder; meld het aan wie de server beheert.</translation>
    </message>
    <message>
        <source>The server refuses this login or password. Look at both and try again.</source>
        <translation>De server weigert deze aanmeldnaam of dit wachtwoord. Kijk beide na en probeer het opnieuw.</translation>
    </message>
    <message>
        <source>The server lets nobody in from here with this login. Who looks after it has to see to pg_hba.conf.</source>
        <translation>De server laat vanaf hier niemand binnen met deze aanmeldnaam. Wie hem beheert moet naar pg_hba.conf kijken.</translation>
    </message>
    <message>
        <source>There is no such database on the server.</source>
        <translation>Deze database is er niet op de server.</translation>
    </message>
    <message>
        <source>The disk of the server is full. Who looks after it has to make room.</source>
        <translation>De schijf van de server is vol. Wie hem beheert moet ruimte maken.</translation>
    </message>
    <message>
        <source>This login may not do that. To make a team it needs CREATEROLE, and CREATEDB or a database that it owns; to invite, it has to be an admin&apos;s.</source>
        <translation>Deze aanmeldnaam mag dat niet. Om een team te maken heeft hij CREATEROLE nodig, en CREATEDB of een eigen database; om uit te nodigen moet hij van een beheerder zijn.</translation>
    </message>
    <message>
        <source>The team uses a newer Phoneshelf. Update this one and try again.</source>
        <translation>Het team gebruikt een nieuwere Phoneshelf. Werk deze bij en probeer het opnieuw.</translation>
    </message>
    <message>
        <source>This Phoneshelf is newer than the team&apos;s database. Ask who looks after it to run “phoneshelf team upgrade”.</source>
        <translation>Deze Phoneshelf is nieuwer dan de database van het team. Vraag wie haar beheert om ‘phoneshelf team upgrade’ uit te voeren.</translation>
    </message>
    <message>
        <source>Agent: reads and answers</source>
        <translation>Medewerker: leest en antwoordt</translation>
    </message>
    <message>
        <source>Lead: also sets rules aside and takes back others&apos; replies</source>
        <translation>Teamleider: zet ook regels opzij en neemt antwoorden van anderen terug</translation>
    </message>
    <message>
        <source>Admin: invites and removes, reads the audit log, reads no message</source>
        <translation>Beheerder: nodigt uit en verwijdert, leest het logboek, leest geen berichten</translation>
    </message>
    <message>
        <source>Auditor: reads everything, changes nothing</source>
        <translation>Controleur: leest alles, verandert niets</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>berichten</translation>
    </message>
    <message>
        <source>chats</source>
        <translation>gesprekken</translation>
    </message>
    <message>
        <source>replies</source>
        <translation>antwoorden</translation>
    </message>
    <message>
        <source>contacts</source>
        <translation>contacten</translation>
    </message>
    <message>
        <source>files of messages</source>
        <translation>bestanden van berichten</translation>
    </message>
    <message>
        <source>search</source>
        <translation>het zoeken</translation>
    </message>
    <message>
        <source>The server on this PC cannot be made: %1</source>
        <translation>De server op deze pc kan niet worden gemaakt: %1</translation>
    </message>
    <message>
        <source>The team&apos;s database does not answer since %1</source>
        <translation>De database van het team antwoordt niet sinds %1</translation>
    </message>
    <message>
        <source>Nothing new is shown and nothing can be sent. What was sent before is kept, what you type stays here. It goes on by itself; see that the network is there and the server is on.</source>
        <translation>Er is niets nieuws te zien en er kan niets worden verzonden. Wat eerder is verzonden blijft bewaard, wat je typt blijft hier. Het gaat vanzelf verder; kijk of er netwerk is en of de server aanstaat.</translation>
    </message>
    <message>
        <source>Keep the passwords in a &amp;file of this profile</source>
        <translation>Bewaar de wachtwoorden in een &amp;bestand van dit profiel</translation>
    </message>
    <message>
        <source>This PC has no keyring. The file is readable for you alone, and it is not encrypted.</source>
        <translation>Deze pc heeft geen sleutelbos. Alleen jij kunt het bestand lezen, en het is niet versleuteld.</translation>
    </message>
    <message>
        <source>Where do the chats lie?</source>
        <translation>Waar komen de gesprekken te staan?</translation>
    </message>
    <message>
        <source>In one PostgreSQL database, version 15 or newer, that all PCs of the team reach.</source>
        <translation>In één PostgreSQL-database, versie 15 of nieuwer, die alle pc&apos;s van het team bereiken.</translation>
    </message>
    <message>
        <source>On our &amp;own PostgreSQL server</source>
        <translation>Op onze &amp;eigen PostgreSQL-server</translation>
    </message>
    <message>
        <source>On this &amp;PC</source>
        <translation>Op deze &amp;pc</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Kiezen…</translation>
    </message>
    <message>
        <source>&amp;Address of the server</source>
        <translation>&amp;Adres van de server</translation>
    </message>
    <message>
        <source>&amp;Database</source>
        <translation>&amp;Database</translation>
    </message>
    <message>
        <source>&amp;Login of its owner</source>
        <translation>Aanme&amp;ldnaam van de eigenaar</translation>
    </message>
    <message>
        <source>Pass&amp;word</source>
        <translation>&amp;Wachtwoord</translation>
    </message>
    <message>
        <source>Choose the certificate file</source>
        <translation>Kies het certificaatbestand</translation>
    </message>
    <message>
        <source>&amp;Certificate of who vouches for it (PEM; empty: those that this PC trusts)</source>
        <translation>&amp;Certificaat van wie ervoor instaat (PEM; leeg: wie deze pc vertrouwt)</translation>
    </message>
    <message>
        <source>Certificate file</source>
        <translation>Certificaatbestand</translation>
    </message>
    <message>
        <source>The login needs CREATEROLE, and CREATEDB or a database that it owns. It is used now and not kept.</source>
        <translation>De aanmeldnaam heeft CREATEROLE nodig, en CREATEDB of een eigen database. Hij wordt nu gebruikt en niet bewaard.</translation>
    </message>
    <message>
        <source>Phoneshelf runs the server, encrypted, with a backup every day, as long as “phoneshelf team host” runs. When this PC is off, nobody works.</source>
        <translation>Phoneshelf houdt de server in de lucht, versleuteld, met elke dag een reservekopie, zolang ‘phoneshelf team host’ loopt. Staat deze pc uit, dan werkt niemand.</translation>
    </message>
    <message>
        <source>How colleagues &amp;reach this PC</source>
        <translation>Hoe collega&apos;s deze pc be&amp;reiken</translation>
    </message>
    <message>
        <source>Looking whether PostgreSQL is on this PC…</source>
        <translation>Kijken of PostgreSQL op deze pc staat…</translation>
    </message>
    <message>
        <source>Not possible now: %1</source>
        <translation>Nu niet mogelijk: %1</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer)</source>
        <translation>Certificaten (*.pem *.crt *.cer)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle bestanden (*)</translation>
    </message>
    <message>
        <source>Several people, each at their own PC, on the same numbers.</source>
        <translation>Meer mensen, ieder aan een eigen pc, op dezelfde nummers.</translation>
    </message>
    <message>
        <source>Everybody sees the same chats and answers under a name of their own.</source>
        <translation>Iedereen ziet dezelfde gesprekken en antwoordt onder een eigen naam.</translation>
    </message>
    <message>
        <source>The chats lie in your own database: on a PostgreSQL server that you have or on one of your PCs.</source>
        <translation>De gesprekken staan in een eigen database: op een PostgreSQL-server die je hebt of op een van je pc&apos;s.</translation>
    </message>
    <message>
        <source>Who starts a team takes the history of this PC along. The old file stays where it is and is not used any more.</source>
        <translation>Wie een team begint neemt de geschiedenis van deze pc mee. Het oude bestand blijft waar het is en wordt niet meer gebruikt.</translation>
    </message>
    <message>
        <source>Who joins a team sees the team&apos;s chats. What this PC had until then stays in its file and is not moved.</source>
        <translation>Wie zich bij een team aansluit ziet de gesprekken van het team. Wat deze pc tot dan had, blijft in zijn bestand en wordt niet verplaatst.</translation>
    </message>
    <message>
        <source>The phones stay on their shelf. Any PC of the team that reaches them can drive them.</source>
        <translation>De telefoons blijven op hun plank. Elke pc van het team die ze bereikt kan ze bedienen.</translation>
    </message>
    <message>
        <source>Start or join?</source>
        <translation>Beginnen of aansluiten?</translation>
    </message>
    <message>
        <source>One person starts the team; everybody else joins it with an invitation.</source>
        <translation>Eén persoon begint het team; alle anderen sluiten zich aan met een uitnodiging.</translation>
    </message>
    <message>
        <source>&amp;Start a team</source>
        <translation>&amp;Een team beginnen</translation>
    </message>
    <message>
        <source>&amp;Join a team with an invitation</source>
        <translation>&amp;Aansluiten bij een team met een uitnodiging</translation>
    </message>
    <message>
        <source>On the PC whose chats are to be shared.</source>
        <translation>Op de pc waarvan de gesprekken gedeeld worden.</translation>
    </message>
    <message>
        <source>A colleague gave you a text that begins with “phoneshelf1:”.</source>
        <translation>Een collega gaf je een tekst die begint met ‘phoneshelf1:’.</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>As colleagues see them. Customers see neither.</source>
        <translation>Zoals collega&apos;s ze zien. Klanten zien geen van beide.</translation>
    </message>
    <message>
        <source>Our shop</source>
        <translation>Onze winkel</translation>
    </message>
    <message>
        <source>Name of the &amp;team</source>
        <translation>Naam van het &amp;team</translation>
    </message>
    <message>
        <source>&amp;Your name</source>
        <translation>&amp;Jouw naam</translation>
    </message>
    <message>
        <source>The team is being made</source>
        <translation>Het team wordt gemaakt</translation>
    </message>
    <message>
        <source>Meanwhile the phones wait; what customers write comes in afterwards.</source>
        <translation>Ondertussen wachten de telefoons; wat klanten schrijven komt daarna binnen.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Voortgang</translation>
    </message>
    <message>
        <source>Try &amp;again</source>
        <translation>&amp;Opnieuw proberen</translation>
    </message>
    <message>
        <source>The database is being prepared…</source>
        <translation>De database wordt klaargemaakt…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Bezig met stoppen…</translation>
    </message>
    <message>
        <source>Stopped. What was moved is kept in the new database, this PC&apos;s own file is as it was. Next time it goes on from there.</source>
        <translation>Gestopt. Wat verplaatst is blijft in de nieuwe database, het eigen bestand van deze pc is zoals het was. De volgende keer gaat het daar verder.</translation>
    </message>
    <message>
        <source>Moving %1…</source>
        <translation>Bezig met verplaatsen: %1…</translation>
    </message>
    <message>
        <source>Moving what belongs to chats…</source>
        <translation>Bezig met verplaatsen van wat bij gesprekken hoort…</translation>
    </message>
    <message>
        <source>The search is being prepared…</source>
        <translation>Het zoeken wordt klaargemaakt…</translation>
    </message>
    <message>
        <source>Comparing row by row…</source>
        <translation>Bezig met vergelijken, rij voor rij…</translation>
    </message>
    <message>
        <source>Join a team</source>
        <translation>Bij een team aansluiten</translation>
    </message>
    <message>
        <source>Paste the invitation that your colleague made, or drop it into the field.</source>
        <translation>Plak de uitnodiging die je collega maakte, of sleep haar in het veld.</translation>
    </message>
    <message>
        <source>&amp;Invitation</source>
        <translation>U&amp;itnodiging</translation>
    </message>
    <message>
        <source>For %1, in the team %2.</source>
        <translation>Voor %1, in het team %2.</translation>
    </message>
    <message>
        <source>Server: %1 (both of you see the same)</source>
        <translation>Server: %1 (jullie zien allebei hetzelfde)</translation>
    </message>
    <message>
        <source>When you finish, the window opens again on the chats of the team.</source>
        <translation>Na voltooien opent het venster opnieuw, met de gesprekken van het team.</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Welkom</translation>
    </message>
    <message>
        <source>This PC may drive phones.</source>
        <translation>Deze pc mag telefoons bedienen.</translation>
    </message>
    <message>
        <source>Invite a colleague</source>
        <translation>Een collega uitnodigen</translation>
    </message>
    <message>
        <source>Command that keeps the server running</source>
        <translation>Opdracht die de server in de lucht houdt</translation>
    </message>
    <message>
        <source>Their PC may also &amp;drive phones</source>
        <translation>Die pc mag ook telefoons be&amp;dienen</translation>
    </message>
    <message>
        <source>&amp;Make an invitation</source>
        <translation>Uitnodiging &amp;maken</translation>
    </message>
    <message>
        <source>&amp;Name of your colleague</source>
        <translation>&amp;Naam van je collega</translation>
    </message>
    <message>
        <source>&amp;Role</source>
        <translation>&amp;Rol</translation>
    </message>
    <message>
        <source>N&amp;umbers that they see and answer</source>
        <translation>N&amp;ummers die die collega ziet en beantwoordt</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) were moved and compared row by row.</source>
        <translation>
            <numerusform>%n bericht is verplaatst en rij voor rij vergeleken.</numerusform>
            <numerusform>%n berichten zijn verplaatst en rij voor rij vergeleken.</numerusform>
        </translation>
    </message>
    <message>
        <source>An invitation works once. Make one for each colleague.</source>
        <translation>Een uitnodiging werkt één keer. Maak er een voor elke collega.</translation>
    </message>
    <message>
        <source>Keep the server running on this PC, as a service or in a terminal, with:</source>
        <translation>Houd de server op deze pc in de lucht, als dienst of in een terminal, met:</translation>
    </message>
    <message>
        <source>None yet. Once there is one: phoneshelf team numbers NAME NUMBER</source>
        <translation>Nog geen. Zodra er een is: phoneshelf team numbers NAAM NUMMER</translation>
    </message>
    <message>
        <source>Choose at least one number.</source>
        <translation>Kies minstens één nummer.</translation>
    </message>
    <message>
        <source>Invitation</source>
        <translation>Uitnodiging</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopiëren</translation>
    </message>
    <message>
        <source>Invite &amp;another</source>
        <translation>Nog iem&amp;and uitnodigen</translation>
    </message>
    <message>
        <source>Invitation as a code to scan</source>
        <translation>Uitnodiging als code om te scannen</translation>
    </message>
    <message>
        <source>For %1, once, until %2</source>
        <translation>Voor %1, één keer, tot %2</translation>
    </message>
    <message>
        <source>Hand it over in person or by a safe way: whoever has it can join.</source>
        <translation>Geef haar zelf of langs een veilige weg: wie haar heeft kan zich aansluiten.</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Gekopieerd</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>Vo&amp;lgende</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Vorige</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuleren</translation>
    </message>
    <message>
        <source>&amp;Finish</source>
        <translation>Vol&amp;tooien</translation>
    </message>
</context>
</TS>
