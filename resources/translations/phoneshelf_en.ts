<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name />
        <message numerus="yes">
            <source>%n unread</source>
            <translation>
                <numerusform>%n unread</numerusform>
                <numerusform>%n unread</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n in the queue</source>
            <translation>
                <numerusform>%n in the queue</numerusform>
                <numerusform>%n in the queue</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n message(s) were moved and compared row by row.</source>
            <translation>
                <numerusform>%n message was moved and compared row by row.</numerusform>
                <numerusform>%n messages were moved and compared row by row.</numerusform>
            </translation>
        </message>
    </context>
</TS>
